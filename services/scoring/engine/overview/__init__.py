"""Portfolio and official indicators: figures outside the ranking."""
