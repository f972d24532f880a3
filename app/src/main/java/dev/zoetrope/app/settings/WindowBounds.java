package dev.zoetrope.app.settings;

/** Where the window was when it was closed, in screen coordinates. */
public record WindowBounds(double x, double y, double width, double height, boolean maximized) {}
