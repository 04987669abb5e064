"""The words of the review's browser and of the page around it."""

TITLE = "Review"
NOTHING_CHOSEN = "Choose an episode in the list: it is shown here."
READING = "Reading {clip} …"
NO_PLAYER = "The player is not installed: {why}"
NO_ACTIONS = "Edits and exports are not installed: {why}"
