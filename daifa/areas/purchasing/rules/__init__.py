"""Pure decisions of purchasing, each returned with its reasons. One idea per module."""
