package hudson.remoting;

/** A result that comes over a channel. */
public interface Future<V> extends java.util.concurrent.Future<V> {}
