package hudson.security;

/** Until it is closed the thread acts for somebody else. */
public class ACLContext implements AutoCloseable {
    ACLContext() {}

    @Override
    public void close() {}
}
