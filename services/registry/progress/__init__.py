"""Progress (本年完成投资、形象进度): what was reported for a day."""
