"""The rows of the table of actions, a module for each kind of thing that an operator does."""
