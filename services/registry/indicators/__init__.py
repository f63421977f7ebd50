"""Official statistics (统计指标)."""
