package io.jenkins.plugins.minibuild.step;

/**
 * The key of a short text about a build: a later step, a later build of the job or a notification looks the text up by it. A room that needs a fact of its own
 * declares a constant; those below are shared. A fact never holds a secret.
 *
 * @param key names the fact in {@code build.xml}; a fact that messages show is the template value of that name
 */
public record Fact(String key) {
    /** The branch that was built, without {@code refs/heads/}. */
    public static final Fact BRANCH = new Fact("branch");
    /** The full id of the commit that was built. */
    public static final Fact COMMIT = new Fact("commit");
    /** The name of the commit's author. */
    public static final Fact AUTHOR = new Fact("author");
    /** The email address of the commit's author. */
    public static final Fact AUTHOR_EMAIL = new Fact("authorEmail");
    /** The commit's message. */
    public static final Fact COMMIT_MESSAGE = new Fact("commitMessage");
    /** The version of the mini program. */
    public static final Fact VERSION = new Fact("version");
    /** {@code upload}, {@code preview} or {@code aiReview}. */
    public static final Fact KIND = new Fact("kind");
    /** The page that shows a QR code, relative to the build's page. */
    public static final Fact QR_URL = new Fact("qrUrl");
    /** The time at which the QR code ends, for people. */
    public static final Fact EXPIRES = new Fact("expires");
    /** What a step has to say, for people; may have several lines. */
    public static final Fact DETAILS = new Fact("details");
    /** Why the last task of the build failed; the lines after the first say what to do. */
    public static final Fact ERROR = new Fact("error");
    /** The limit that ended the build or a block of it, with its value; absent for none. */
    public static final Fact ENDED_BY_LIMIT = new Fact("endedByLimit");
    /** The name of the program's profile, or its AppID where there is no profile. */
    public static final Fact APP = new Fact("app");
    /** The AppID of the program. */
    public static final Fact APP_ID = new Fact("appId");
    /** The page that the event is about, relative to the build's page. */
    public static final Fact PAGE_URL = new Fact("pageUrl");
    /** The people who are asked for a review: names of users, groups and roles, separated by commas. */
    public static final Fact REVIEWERS = new Fact("reviewers");

    @Override
    public String toString() {
        return key;
    }
}
