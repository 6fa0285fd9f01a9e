package hudson;

/** Marks a type that plugins extend. */
public interface ExtensionPoint {}
