// In place of the theme's script of 1.6 MB: the font that its style sheet names draws the same icons.
