// What a column shows of a project, as text; the light is drawn.
import { label } from "@/api/labels";
import type { ColumnId } from "@/pages/projects/columns";
import type { Project } from "@/pages/projects/question";
import { amount, UNKNOWN } from "@/text/figures";
import { t } from "@/text/language";

interface Cell {
  text: string;
  exact?: string; // an amount to the yuan
}

interface UnitNames {
  unit: string;
  competent: string;
}

const joined = (words: string[]): Cell => ({ text: words.join(t("、", ", ")) || UNKNOWN });

const CELLS: Record<Exclude<ColumnId, "light">, (project: Project, names: UnitNames) => Cell> = {
  name: ({ name }) => ({ text: name }),
  unit: (_, { unit }) => ({ text: unit }),
  competent: (_, { competent }) => ({ text: competent || UNKNOWN }),
  nature: ({ nature }) => ({ text: label("Nature", nature) }),
  levels: ({ key_levels }) => joined(key_levels.map((level) => label("KeyLevel", level))),
  programs: ({ programs }) => joined(programs.map((program) => label("ProjectRead.programs", program))),
  total: ({ total_investment_yuan }) => amount(total_investment_yuan),
  contract: ({ contract_yuan }) => amount(contract_yuan),
  code: ({ national_code }) => ({ text: national_code ?? UNKNOWN }),
  owner: ({ owner_name }) => ({ text: owner_name ?? UNKNOWN }),
  industry: ({ industry_code }) => ({ text: industry_code ?? UNKNOWN }),
  id: ({ project_id }) => ({ text: project_id }),
};

/** The cell of a column. */
export function cellOf(column: ColumnId, project: Project, names: UnitNames): Cell {
  return column === "light" ? { text: UNKNOWN } : CELLS[column](project, names);
}
