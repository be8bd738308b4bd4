# Installs Debian packages so that nothing of theirs runs and no database is made: the tests start servers of their own.
# Usage: ROOT PACKAGES SERVICES. ROOT is empty but in tests; PACKAGES and SERVICES are lists in one word each. What is
# put in place for the time of the installation is taken away again, however it ends.
set -eu
root=$1
packages=$2
services=$3

policy=$root/usr/sbin/policy-rc.d
clusters=$root/etc/postgresql-common/createcluster.d
no_cluster=$clusters/yinuo-no-main-cluster.conf
own_policy= own_clusters=

undo() {
    [ -z "$own_policy" ] || rm -f "$policy"
    rm -f "$no_cluster"
    [ -z "$own_clusters" ] || rmdir "$clusters" 2>/dev/null || true
}
trap undo EXIT
trap 'exit 1' INT TERM HUP

# Maintainer scripts ask this program whether they may start a service. One that is there knows better.
if [ ! -e "$policy" ]; then
    own_policy=yes
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi
if [ ! -d "$clusters" ]; then
    own_clusters=yes
    mkdir -p "$clusters"
fi
printf 'create_main_cluster = false\n' >"$no_cluster"

export DEBIAN_FRONTEND=noninteractive
apt-get update --quiet
# shellcheck disable=SC2086 # A list.
apt-get install --yes --quiet --no-install-recommends $packages

# Not at the next start of the machine either. For systemd and for init scripts.
for service in $services; do
    deb-systemd-helper disable "$service.service" >/dev/null 2>&1 || true
    update-rc.d "$service" disable >/dev/null 2>&1 || true
done
