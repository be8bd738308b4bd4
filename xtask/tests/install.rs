//! Installing servers for tests: nothing of the machine is started, made or left changed. On a made-up root, with
//! made-up programs that note what they see.
#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use xtask::install::QUIETLY;

const POLICY: &str = "usr/sbin/policy-rc.d";
const CLUSTERS: &str = "etc/postgresql-common/createcluster.d";

/// A root with nothing but the folder of programs, and programs of its own that write into `seen`.
fn made_up(name: &str, apt_get: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&root);
    for folder in ["usr/sbin", "programs"] {
        fs::create_dir_all(root.join(folder)).unwrap();
    }
    let note = format!(
        "#!/bin/sh\ncd {}\necho \"${{0##*/}} $*: $(ls {POLICY} {CLUSTERS} 2>&1 | tr '\\n' ' ')\" >>seen\n",
        root.display()
    );
    for (program, then) in [("apt-get", apt_get), ("update-rc.d", ""), ("deb-systemd-helper", "exit 1")] {
        let file = root.join("programs").join(program);
        fs::write(&file, format!("{note}{then}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    root
}

/// Whether it succeeded, and what the programs saw.
fn install(root: &Path) -> (bool, String) {
    let path = format!("{}:{}", root.join("programs").display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("sh");
    command.args(["-c", QUIETLY, "sh"]).arg(root).args(["postgresql haproxy", "haproxy"]).env("PATH", path);
    let status = command.status().unwrap();
    (status.success(), fs::read_to_string(root.join("seen")).unwrap())
}

#[test]
fn services_and_clusters_are_held_back_while_packages_are_installed_and_nothing_stays() {
    let root = made_up("install-quietly", "usr/sbin/policy-rc.d haproxy start; echo \"policy $?\" >>seen");
    let (installed, seen) = install(&root);
    assert!(installed, "{seen}");
    let held = format!("{POLICY}  {CLUSTERS}: yinuo-no-main-cluster.conf ");
    assert_eq!(
        seen.lines().map(str::trim).collect::<Vec<_>>(),
        [
            format!("apt-get update --quiet: {held}").trim(),
            "policy 101",
            format!("apt-get install --yes --quiet --no-install-recommends postgresql haproxy: {held}")
                .trim(),
            "policy 101",
            format!("deb-systemd-helper disable haproxy.service: {held}").trim(),
            format!("update-rc.d haproxy disable: {held}").trim(),
        ]
    );
    assert!(!root.join(POLICY).exists());
    assert!(!root.join(CLUSTERS).exists());
}

#[test]
fn nothing_stays_when_the_installation_fails_and_what_was_there_is_left_alone() {
    let root = made_up("install-fails", "[ \"$1\" = update ] || exit 100");
    fs::write(root.join(POLICY), "#!/bin/sh\nexit 0\n").unwrap();
    fs::create_dir_all(root.join(CLUSTERS)).unwrap();
    fs::write(root.join(CLUSTERS).join("mine.conf"), "ssl = off\n").unwrap();
    let (installed, seen) = install(&root);
    assert!(!installed);
    assert!(seen.contains("apt-get install"), "{seen}");
    assert!(!seen.contains("update-rc.d"), "{seen}");
    assert_eq!(fs::read_to_string(root.join(POLICY)).unwrap(), "#!/bin/sh\nexit 0\n");
    let left: Vec<_> =
        fs::read_dir(root.join(CLUSTERS)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["mine.conf"]);
}
