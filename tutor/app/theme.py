"""The program's own two themes; Textual's others can be chosen in the command palette."""

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
    secondary="#0F7490",
    accent="#7A3FC0",
    success="#2E7D32",
    warning="#9A5B00",
    error="#B3263A",
    foreground="#23283A",
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
        "footer-key-foreground": "#9A5B00",
        "footer-description-foreground": "#4A5068",
        "block-cursor-text-style": "none",
    },
)
