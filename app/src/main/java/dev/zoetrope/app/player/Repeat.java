package dev.zoetrope.app.player;

/** What a player does at the end of what it plays. */
public enum Repeat {
    /** It stops. */
    ONCE,
    /** It goes on at the other end. */
    LOOP,
    /** It goes back the way it came. */
    PING_PONG
}
