"""Mappings: an office's own wide sheet comes in as facts of a ledger, and goes back as it was.

What others call, in the order in which they do:

- `proposal.propose_mapping(sheets) -> Proposal | None`: a mapping as far as the words of headers
  are clear, `suggestions` by sheet with confidence and alternatives; what is not clear is
  `to: ask`. Sheets come from `shared.ledger.files.read_sheets`.
- `documents.parse_mapping(text)`, `documents.write_mapping(mapping)`: YAML in and out.
- `headers.read_header(sheet).shape` and `documents.mapping_shapes(mapping)`: fingerprints by which
  next month's file is recognised.
- `mapped_reading.read_mapped(mapping, sheets, stored, answers) -> MappedReading`: `part` (a
  `LedgerPart` for the import), `questions` (each with key, text, options, sheet, row, letter of the
  column), `findings`, and `mapping` with the answers in it, to be saved. `stored` are the current
  facts of the office. It may be applied when `is_ready`. Answers are texts by their question's key.
  With `regions` it is checked by the rules of a ledger. Once applied, `applied_mapping` is saved.
- `changes.compare_part(part, stored)`: what is new, changed, unchanged and not mentioned;
  `changes.merge_part(part, stored)`: the facts after it; `changes.undo_part(before, after, now)`.
- `export.lay_out(mapping, facts, as_of)`: the office's own layout with the figures of a day;
  `layout_writer.write_layouts(layouts, path)`.

Pure but for YAML and the workbook that is written: no clock, no files that are read, no chance.
"""
