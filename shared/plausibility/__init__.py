"""Plausibility: whether a figure may be true, before it counts. Pure.

`judgement.judge(kind, record, context, thresholds, today)` judges one record as it is written. It
answers an `Implausibility` a doubt: code, column, the two figures, and whether the record waits for
it (`holds`) or is only told. `record` has the columns of its kind with values as a fact has them
(dates, whole yuan, decimals). `context` is `context.build_context(rows)`, the facts of its
project by table, as they are without the record and without the version that it corrects; a record
without a project has `NO_PROJECT`. `CONTEXT_COLUMNS` names the tables and columns that it asks for,
`JUDGED_KINDS` the kinds of which one or another column is judged.

`Implausibility.document()` is what is kept with a report, by value and in both languages.
`ledger.judge_ledger(columns, thresholds, today)` judges the rows of a whole ledger, each as if it
were written last; `ledger.judge_rows` some of them.
"""
