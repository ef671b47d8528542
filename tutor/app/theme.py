"""The program's own themes: dark, light, high contrast, and the terminal's own sixteen colours.

Text keeps a contrast of 4.5 with what it stands on, 7 in the high-contrast theme (WCAG AA and AAA); no
text is fainter than 60 % of the foreground, and no verdict is told by its colour alone.
"""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    name="tutor-dark",
    primary="#7AA2F7",
    secondary="#89DDFF",
    accent="#C099FF",
    success="#8FCB7B",
    warning="#E8B86A",
    error="#F08A92",
    foreground="#D5DAEA",
    background="#14161E",
    surface="#1B1E29",
    panel="#222636",
    dark=True,
    variables={
        "border": "#7AA2F7",
        "border-blurred": "#3A4059",
        "scrollbar": "#3A4059",
        "scrollbar-hover": "#5A6488",
        "scrollbar-active": "#5A6488",
        "scrollbar-background": "#14161E",
        "scrollbar-background-hover": "#14161E",
        "scrollbar-background-active": "#14161E",
        "input-cursor-background": "#D5DAEA",
        "input-cursor-foreground": "#14161E",
        "footer-background": "#1B1E29",
        "footer-key-foreground": "#E8B86A",
        "footer-description-foreground": "#A7AFC9",
        "block-cursor-text-style": "none",
    },
)

LIGHT: Final = Theme(
    name="tutor-light",
    primary="#2F5FC4",
    secondary="#0C6680",
    accent="#7A3FC0",
    success="#256A2A",
    warning="#8A5000",
    error="#B3263A",
    foreground="#0D1122",
    background="#F7F6F2",
    surface="#FFFFFF",
    panel="#EDEBE4",
    dark=False,
    variables={
        "border": "#2F5FC4",
        "border-blurred": "#C9C6BB",
        "scrollbar": "#C9C6BB",
        "scrollbar-hover": "#A5A295",
        "scrollbar-active": "#A5A295",
        "scrollbar-background": "#F7F6F2",
        "scrollbar-background-hover": "#F7F6F2",
        "scrollbar-background-active": "#F7F6F2",
        "input-cursor-background": "#23283A",
        "input-cursor-foreground": "#F7F6F2",
        "footer-background": "#EDEBE4",
        "footer-key-foreground": "#8A5000",
        "footer-description-foreground": "#4A5068",
        "block-cursor-text-style": "none",
    },
)

CONTRAST: Final = Theme(
    name="tutor-contrast",
    primary="#8CB4FF",
    secondary="#7FE3FF",
    accent="#D9B3FF",
    success="#7CE07C",
    warning="#FFD166",
    error="#FF9AA2",
    foreground="#FFFFFF",
    background="#000000",
    surface="#000000",
    panel="#101010",
    dark=True,
    variables={
        "border": "#FFFFFF",
        "border-blurred": "#8C8C8C",
        "scrollbar": "#8C8C8C",
        "scrollbar-hover": "#FFFFFF",
        "scrollbar-active": "#FFFFFF",
        "scrollbar-background": "#000000",
        "scrollbar-background-hover": "#000000",
        "scrollbar-background-active": "#000000",
        "input-cursor-background": "#FFFFFF",
        "input-cursor-foreground": "#000000",
        "footer-background": "#000000",
        "footer-key-foreground": "#FFD166",
        "footer-description-foreground": "#FFFFFF",
        "block-cursor-text-style": "none",
    },
)

#: Nothing but the colours that the terminal has been given by its owner.
ANSI: Final = Theme(
    name="tutor-ansi",
    ansi=True,
    primary="ansi_blue",
    secondary="ansi_cyan",
    accent="ansi_magenta",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    dark=True,
    variables={
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "border": "ansi_blue",
        "border-blurred": "ansi_bright_black",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_white",
        "block-cursor-text-style": "none",
        "input-cursor-background": "ansi_white",
        "input-cursor-foreground": "ansi_black",
        "input-cursor-text-style": "reverse",
        "input-selection-background": "ansi_blue",
        "input-selection-foreground": "ansi_white",
        "screen-selection-background": "ansi_blue",
        "screen-selection-foreground": "ansi_white",
        "scrollbar": "ansi_bright_black",
        "scrollbar-hover": "ansi_white",
        "scrollbar-active": "ansi_white",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
        "scrollbar-corner-color": "ansi_default",
        "footer-background": "ansi_default",
        "footer-key-foreground": "ansi_yellow",
        "footer-description-foreground": "ansi_default",
    },
)

OWN: Final = (DARK, LIGHT, CONTRAST, ANSI)
