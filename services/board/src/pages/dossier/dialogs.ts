// Dialogs of a dossier: fetched when somebody opens one.
import { defineAsyncComponent } from "vue";

export const RecordDate = defineAsyncComponent(() => import("@/pages/dossier/RecordDate.vue"));
export const RecordHistory = defineAsyncComponent(() => import("@/pages/dossier/RecordHistory.vue"));
export const ReportProgress = defineAsyncComponent(() => import("@/pages/dossier/ReportProgress.vue"));
export const VoidDialog = defineAsyncComponent(() => import("@/pages/dossier/VoidDialog.vue"));
