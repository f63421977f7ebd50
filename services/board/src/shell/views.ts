// The pages of the board, in the order of a day's work, and whom each is for.
import type { Component } from "vue";

import type { Schemas } from "@/api/client";

export type Role = Schemas["Role"];

export interface View {
  page: string; // in the address
  zh: string;
  en: string;
  roles: readonly Role[];
  load: () => Promise<{ default: Component }>;
}

const READERS: readonly Role[] = ["office", "unit", "leader", "field", "inspector"];
const EVERYONE: readonly Role[] = [...READERS, "viewer", "approval"];
const OFFICE: readonly Role[] = ["office"];
const PUBLIC: readonly Role[] = [...READERS, "viewer"];

export const VIEWS: readonly View[] = [
  { page: "today", zh: "今日", en: "Today", roles: EVERYONE, load: () => import("@/pages/today/TodayPage.vue") },
  { page: "ranking", zh: "大比拼", en: "Ranking", roles: PUBLIC, load: () => import("@/pages/ranking/RankingPage.vue") },
  { page: "wall", zh: "挂图", en: "Wall", roles: READERS, load: () => import("@/pages/wall/WallPage.vue") },
  { page: "projects", zh: "项目", en: "Projects", roles: READERS, load: () => import("@/pages/projects/ProjectsPage.vue") },
  { page: "review", zh: "审核", en: "Review", roles: READERS, load: () => import("@/pages/review/ReviewPage.vue") },
  { page: "letters", zh: "函件", en: "Letters", roles: READERS, load: () => import("@/pages/letters/LettersPage.vue") },
  { page: "boards", zh: "红黑榜", en: "Boards", roles: PUBLIC, load: () => import("@/pages/boards/BoardsPage.vue") },
  { page: "import", zh: "导入", en: "Import", roles: OFFICE, load: () => import("@/pages/import/ImportPage.vue") },
  { page: "rules", zh: "规则", en: "Rules", roles: READERS, load: () => import("@/pages/rules/RulesPage.vue") },
  { page: "voids", zh: "作废", en: "Voids", roles: [...OFFICE, "inspector"], load: () => import("@/pages/voids/VoidsPage.vue") },
  { page: "people", zh: "人员", en: "People", roles: [...OFFICE, "inspector"], load: () => import("@/pages/people/PeoplePage.vue") },
  { page: "account", zh: "我的设备", en: "My devices", roles: EVERYONE, load: () => import("@/pages/account/AccountPage.vue") },
];

/** The view of an address; what stands after its name is the view's own. */
export function viewOf(page: string): View | undefined {
  return VIEWS.find((view) => view.page === page);
}
