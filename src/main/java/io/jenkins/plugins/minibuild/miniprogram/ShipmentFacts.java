package io.jenkins.plugins.minibuild.miniprogram;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.checkout.CommitInfo;
import io.jenkins.plugins.minibuild.miniprogram.profile.SizeLimits;
import java.io.Serializable;
import java.util.Map;

/** The profile, the commit, the duration and the budget of an upload or a preview. Immutable. */
final class ShipmentFacts implements Serializable {

    /** Nothing is known. */
    static final ShipmentFacts NONE = new ShipmentFacts("", null, 0, SizeLimits.NONE);

    private static final long serialVersionUID = 1L;
    private static final int LONGEST_MESSAGE = 200;

    private final String profile;
    private final String branch;
    private final String commit;
    private final String author;
    private final String message;
    private final long millis;
    private final int mainBudget;
    private final int subpackageBudget;
    private final int wholeBudget;

    ShipmentFacts(String profile, @CheckForNull CommitInfo info, long millis, SizeLimits budget) {
        this.profile = profile;
        this.branch = info == null ? "" : info.branch();
        this.commit = info == null ? "" : info.commit();
        this.author = info == null ? "" : info.author();
        String subject = info == null ? "" : info.subject();
        this.message = subject.substring(0, Math.min(LONGEST_MESSAGE, subject.length()));
        this.millis = millis;
        mainBudget = budget.main();
        subpackageBudget = budget.subpackage();
        wholeBudget = budget.whole();
    }

    /** The profile's name, or the app's id. */
    String profile() {
        return profile;
    }

    /** Empty when it is not known. */
    String branch() {
        return branch;
    }

    /** The whole id; empty when it is not known. */
    String commit() {
        return commit;
    }

    /** Empty when it is not known. */
    String author() {
        return author;
    }

    /** The first line of the message; empty when it is not known. */
    String message() {
        return message;
    }

    /** The duration in milliseconds. */
    long millis() {
        return millis;
    }

    SizeLimits budget() {
        return new SizeLimits(mainBudget, subpackageBudget, wholeBudget);
    }

    void toMap(Map<String, Object> map) {
        map.put("branch", branch);
        map.put("commit", commit);
        map.put("author", author);
        map.put("message", message);
        map.put("duration", millis);
    }
}
