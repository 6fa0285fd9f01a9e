package io.jenkins.plugins.minibuild.workflow.expression;

/** What is wrong with the text of an expression or a template; its message is for users. */
public final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int offset;

    /**
     * @param message in the language of the build
     * @param offset in the text, from 0
     */
    public SyntaxException(String message, int offset) {
        super(message);
        this.offset = offset;
    }

    /** Where in the text, in characters from 0. */
    public int offset() {
        return offset;
    }
}
