"""What an answer is given by: its panel, its field, and the widgets of the kinds."""
