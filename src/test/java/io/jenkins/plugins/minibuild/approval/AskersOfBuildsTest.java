package io.jenkins.plugins.minibuild.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.thoughtworks.xstream.converters.reflection.SunUnsafeReflectionProvider;
import hudson.AbortException;
import hudson.model.Cause;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.minibuild.access.Policy;
import io.jenkins.plugins.minibuild.access.PolicyConfiguration;
import io.jenkins.plugins.minibuild.access.PolicyFixture;
import io.jenkins.plugins.minibuild.access.ReviewPolicy;
import io.jenkins.plugins.minibuild.access.ReviewedChange;
import io.jenkins.plugins.minibuild.access.ReviewerRuleConfiguration;
import io.jenkins.plugins.minibuild.approval.HumanReview.Reason;
import io.jenkins.plugins.minibuild.approval.HumanReview.Requester;
import io.jenkins.plugins.minibuild.notify.Contact;
import io.jenkins.plugins.minibuild.step.RetryCause;
import io.jenkins.plugins.minibuild.step.SourceCause;
import io.jenkins.plugins.minibuild.step.SourceCommit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whom the causes of a build name as those who asked for its change, and what policies add to that. */
class AskersOfBuildsTest {
    private static final List<Contact> MAP = List.of(
            new Contact("zhang", "", "", "", "", "zhang@example.com"),
            new Contact("qian", "", "", "", "", "q@example.com"));
    private static final List<String> ZHANG = List.of("Zhang San <zhang@example.com>");
    private static final List<String> STRANGER = List.of("Sun <sun@example.com>");

    private final Map<Integer, Run<?, ?>> builds = new HashMap<>();

    /** A job that has the builds of the test, and nothing else. */
    @SuppressWarnings("rawtypes") // as Jenkins declares builds of any job
    private static final class Jobs extends Job {
        private Map<Integer, Run<?, ?>> builds;

        @SuppressWarnings("unchecked")
        private Jobs() {
            super(null, null);
        }

        @Override
        public Run getBuildByNumber(int number) {
            return builds.get(number);
        }

        @Override
        public boolean isBuildable() {
            return true;
        }

        /** Jenkins wants these; none of its own methods is called here. */
        protected SortedMap _getRuns() {
            return new TreeMap<>();
        }

        protected void removeRun(Run run) {
            throw new UnsupportedOperationException();
        }
    }

    @SuppressWarnings("rawtypes") // as Jenkins declares builds of any job
    private static final class Build extends Run {
        private Job job;
        private List<Cause> causes;

        @SuppressWarnings("unchecked")
        private Build() throws java.io.IOException {
            super((Job) null);
        }

        @Override
        public Job getParent() {
            return job;
        }

        @Override
        public List getCauses() {
            return causes;
        }
    }

    /** As the causes of Replay and of "Restart from Stage". */
    public static final class Repeated extends Cause {
        private final Run<?, ?> original;

        Repeated(Run<?, ?> original) {
            this.original = original;
        }

        public Run<?, ?> getOriginal() {
            return original;
        }

        @Override
        public String getShortDescription() {
            return "Replayed";
        }
    }

    /** Its constructor would need a whole Jenkins. */
    private static final class Upstream extends Cause.UpstreamCause {
        private List<Cause> causes;

        private Upstream() {
            super((Run<?, ?>) null);
        }

        @Override
        public List<Cause> getUpstreamCauses() {
            return causes;
        }
    }

    private static final class Timer extends Cause {
        @Override
        public String getShortDescription() {
            return "Started by timer";
        }
    }

    private static final class Push extends SourceCause {
        private final List<String> people;

        Push(String... people) {
            this.people = List.of(people);
        }

        @Override
        public SourceCommit source() {
            return null;
        }

        @Override
        public List<String> people() {
            return people;
        }

        @Override
        public String getShortDescription() {
            return "A push";
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> T unmade(Class<T> type) {
        return (T) new SunUnsafeReflectionProvider().newInstance(type);
    }

    private static Cause user(String id) {
        return new Cause.UserIdCause() {
            @Override
            public String getUserId() {
                return id;
            }
        };
    }

    private static Cause upstream(Cause... causes) {
        Upstream cause = unmade(Upstream.class);
        cause.causes = List.of(causes);
        return cause;
    }

    private static Cause retry(int number) {
        return new RetryCause(new RetryCause.Retried("shop", number, "job/shop/" + number + "/", number), 1);
    }

    private Run<?, ?> build(Cause... causes) {
        Build build = unmade(Build.class);
        Jobs job = unmade(Jobs.class);
        job.builds = builds;
        build.job = job;
        build.causes = List.of(causes);
        builds.put(builds.size() + 1, build);
        return build;
    }

    private static Askers askers(Run<?, ?> build, List<String> authors) {
        ReviewedChange change = HumanReviewTest.asked(1).change();
        return HumanReviewAdapter.askers(
                build,
                new ReviewedChange(
                        change.base(), change.head(), "", change.diffSha256(), change.size(), List.of(), authors),
                MAP);
    }

    private static void assertKnown(Run<?, ?> build, Requester... expected) {
        Askers askers = askers(build, STRANGER);
        assertThat(askers.all()).containsExactlyInAnyOrder(expected);
        assertThat(askers.areUnknown()).isFalse();
    }

    private static void assertUnknown(Run<?, ?> build, Requester... expected) {
        Askers askers = askers(build, STRANGER);
        assertThat(askers.all()).containsExactlyInAnyOrder(expected);
        assertThat(askers.areUnknown()).isTrue();
    }

    @Test
    void whoStartedTheBuildAsked() {
        assertKnown(build(user("li")), new Requester("li", Reason.STARTED));
        assertKnown(build(user(null)), new Requester("anonymous", Reason.STARTED));
        assertUnknown(build());
        assertUnknown(build(new Timer()));
        assertUnknown(build(user("li"), new Timer()), new Requester("li", Reason.STARTED));
    }

    @Test
    void aReplayOrARestartFromAStageByAnotherUserDoesNotHideWhoAskedFirst() {
        Run<?, ?> first = build(user("zhang"));
        Run<?, ?> second = build(user("li"), new Repeated(first));
        assertKnown(second, new Requester("li", Reason.STARTED), new Requester("zhang", Reason.STARTED_EARLIER));
        assertKnown(
                build(user("wang"), new Repeated(second)),
                new Requester("wang", Reason.STARTED),
                new Requester("li", Reason.STARTED_EARLIER),
                new Requester("zhang", Reason.STARTED_EARLIER));
        assertUnknown(build(user("li"), new Repeated(build(new Timer()))), new Requester("li", Reason.STARTED));
        assertUnknown(build(user("li"), new Repeated(null)), new Requester("li", Reason.STARTED));
    }

    @Test
    void aRetryByAnotherUserDoesNotHideWhoAskedFirst() {
        build(user("zhang"));
        assertKnown(
                build(user("li"), retry(1)),
                new Requester("li", Reason.STARTED),
                new Requester("zhang", Reason.STARTED_EARLIER));
        assertUnknown(build(user("li"), retry(99)), new Requester("li", Reason.STARTED));
    }

    /** A build that "Rebuild" starts has such a cause, too. */
    @Test
    void whoStartedTheBuildThatStartedThisOneAsked() {
        assertKnown(build(upstream(user("zhang"))), new Requester("zhang", Reason.STARTED_UPSTREAM));
        assertKnown(build(upstream(upstream(user("zhang")))), new Requester("zhang", Reason.STARTED_UPSTREAM));
        assertUnknown(build(upstream()));
        assertUnknown(build(upstream(new Timer())));
        // The build of the other job that was retried is not looked for.
        build(user("qian"));
        assertUnknown(build(upstream(user("li"), retry(1))), new Requester("li", Reason.STARTED_UPSTREAM));
    }

    @Test
    void whereNobodyOfJenkinsStartedItThoseWhoPushedAndCommittedAsked() {
        Run<?, ?> build = build(new Push("zhang@example.com", "q@example.com"));
        Askers known = askers(build, ZHANG);
        assertThat(known.all())
                .containsExactlyInAnyOrder(new Requester("zhang", Reason.PUSHED), new Requester("qian", Reason.PUSHED));
        assertThat(known.areUnknown()).isFalse();
        assertUnknown(build, new Requester("zhang", Reason.PUSHED), new Requester("qian", Reason.PUSHED));
        assertThat(askers(build(new Push("nobody-knows")), ZHANG).areUnknown()).isTrue();
    }

    @Test
    void buildsThatRepeatEachOtherHaveAnEnd() {
        build(retry(2));
        assertUnknown(build(retry(1)));
    }

    // ---- what policies add

    private static HumanReviewStep step(String fourEyes, int minApprovals, String reviewers) {
        HumanReviewStep step = new HumanReviewStep();
        step.setFourEyes(Boolean.parseBoolean(fourEyes));
        step.setMinApprovals(minApprovals);
        step.setReviewers(reviewers);
        return step;
    }

    private static Askers known() {
        Askers askers = new Askers(MAP);
        askers.user("zhang", Reason.STARTED);
        return askers;
    }

    private static ReviewPolicy policy() {
        PolicyConfiguration set = new PolicyConfiguration();
        set.setFourEyes(true);
        set.setMinApprovals(2);
        set.setReviewers(List.of(
                new ReviewerRuleConfiguration("release/*", "group:leads"),
                new ReviewerRuleConfiguration("main, release/*", "user:li, user:wang")));
        return PolicyFixture.of("team", set).review();
    }

    @Test
    void aStepThatAsksForLessThanAPolicyIsRefusedWithThePolicysName() {
        assertThatThrownBy(() -> step("false", 2, null).rules(policy(), "main", known()))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("The policy \"fourEyes\" of the folder team")
                .hasMessageContaining("configure the folder team");
        HumanReviewStep one = step("true", 3, null);
        one.setMinApprovals(3);
        assertThatThrownBy(() -> {
                    PolicyConfiguration four = new PolicyConfiguration();
                    four.setMinApprovals(4);
                    one.rules(PolicyFixture.of("team", four).review(), "main", known());
                })
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("The policy \"minApprovals\" of the folder team says 4; 3 is refused");
    }

    @Test
    void aStepThatSaysNothingGetsWhatThePolicyAsksForAndTheReviewersOfItsBranch() throws Exception {
        HumanReview.Rules main = new HumanReviewStep().rules(policy(), "main", known());
        assertThat(main.fourEyes()).isTrue();
        assertThat(main.minApprovals()).isEqualTo(2);
        assertThat(main.reviewers()).containsExactly(List.of("user:li", "user:wang"));
        assertThat(new HumanReviewStep().rules(policy(), "release/2", known()).reviewers())
                .as("the first rule for a branch counts")
                .containsExactly(List.of("group:leads"));
        assertThat(new HumanReviewStep().rules(policy(), "feature/x", known()).reviewers())
                .isEmpty();
        assertThat(new HumanReviewStep().rules(policy(), null, known()).reviewers())
                .as("a branch that is not known")
                .containsExactlyInAnyOrder(List.of("group:leads"), List.of("user:li", "user:wang"));
        assertThat(step("true", 2, "user:qian").rules(policy(), "main", known()).reviewers())
                .as("each list counts")
                .containsExactlyInAnyOrder(List.of("user:qian"), List.of("user:li", "user:wang"));
    }

    @Test
    void whereItIsNotKnownWhoAskedTwoPeopleApproveUnlessNobodyIsKeptFromIt() throws Exception {
        ReviewPolicy none = Policy.DEFAULT.review();
        Askers unknown = new Askers(MAP);
        unknown.unknownStart();
        HumanReview.Rules two = new HumanReviewStep().rules(none, "main", unknown);
        assertThat(two.minApprovals()).isEqualTo(2);
        assertThat(two.why()).isNotEmpty();
        assertThat(new HumanReviewStep().rules(none, "main", known()).minApprovals())
                .isEqualTo(1);
        assertThat(step("false", 1, null).rules(none, "main", unknown).minApprovals())
                .isEqualTo(1);
        assertThat(step("true", 3, null).rules(none, "main", unknown).minApprovals())
                .isEqualTo(3);
    }
}
