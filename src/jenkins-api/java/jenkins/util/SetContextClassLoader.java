package jenkins.util;

/** Changes the thread's context class loader until it is closed. */
public final class SetContextClassLoader implements AutoCloseable {
    private final Thread t;
    private final ClassLoader orig;

    public SetContextClassLoader(Class<?> clazz) {
        this(clazz.getClassLoader());
    }

    public SetContextClassLoader(ClassLoader cl) {
        this.t = Thread.currentThread();
        this.orig = t.getContextClassLoader();
        t.setContextClassLoader(cl);
    }

    @Override
    public void close() {
        t.setContextClassLoader(orig);
    }
}
