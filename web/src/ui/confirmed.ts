import { ElMessageBox } from "element-plus";

import { translate } from "@/shell/i18n";

/** Asks before something is done that cannot simply be undone; false for whoever thinks better of it. */
export async function confirmed(question: string, title: string, yes = translate("common.confirm")): Promise<boolean> {
  try {
    await ElMessageBox.confirm(question, title, {
      confirmButtonText: yes,
      cancelButtonText: translate("common.cancel"),
      type: "warning",
    });
    return true;
  } catch {
    return false;
  }
}
