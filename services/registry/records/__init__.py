"""The one mechanism for dated facts: appended or superseded, asked as they are or as they were."""
