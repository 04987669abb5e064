"""Pictures of every view of the window, from a recorded session, each looked over by a machine."""
