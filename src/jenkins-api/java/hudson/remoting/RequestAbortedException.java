package hudson.remoting;

/** The channel was lost while a call was under way. */
public class RequestAbortedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RequestAbortedException(Throwable cause) {
        super(cause);
    }
}
