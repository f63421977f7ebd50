"""Units (责任单位): who answers for projects."""
