package io.jenkins.plugins.minibuild.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyTest {
    private static final List<String> BRANCHES = List.of("main", "release/1", "feature/x");
    private static final List<String> MODELS = List.of("claude-opus-4", "claude-sonnet-4-5", "other");
    private static final List<String> PATHS = List.of("a.js", "infra/main.tf", "docs/x.md");
    private static final List<String> PEOPLE = List.of("user:alice", "user:bob", "group:leads");

    /** Something that a step or a person may do under a policy. */
    private record Deed(String name, Refusable tried) {
        boolean isAllowed(Policy policy) {
            try {
                tried.under(policy);
                return true;
            } catch (AbortException e) {
                return false;
            }
        }
    }

    @FunctionalInterface
    private interface Refusable {
        void under(Policy policy) throws AbortException;
    }

    private static void refuseIf(boolean refused) throws AbortException {
        if (refused) {
            throw new AbortException();
        }
    }

    /** Every question that code asks of a policy, with values around those that {@link #layer} sets. */
    private static List<Deed> deeds() {
        List<Deed> deeds = new ArrayList<>();
        deeds.add(new Deed(
                "one pair of eyes", policy -> policy.review().fourEyes().demand(false)));
        deeds.add(new Deed(
                "merge without approval",
                policy -> policy.review().approvalBeforeMerge().demand(false)));
        deeds.add(new Deed(
                "no sandbox at hand", policy -> policy.model().sandboxRequired().demand(false)));
        deeds.add(new Deed("sandbox off", policy -> policy.model().checkSandboxOff()));
        deeds.add(new Deed(
                "built-in node", policy -> policy.code().builtInNodeAllowed().allow("the built-in node")));
        for (int n = 1; n <= 5; n++) {
            int number = n;
            deeds.add(new Deed(
                    n + " approvals", policy -> policy.review().minApprovals().atLeast(number, 1)));
            deeds.add(new Deed(n + " turns", policy -> policy.model().maxTurns().atMost(number, 1)));
            deeds.add(new Deed(
                    n + " minutes", policy -> policy.model().maxMinutes().atMost(number, 1)));
            deeds.add(new Deed(
                    n + " dollars", policy -> policy.model().maxUsdPerRun().atMost((double) number, 1.0)));
            deeds.add(new Deed(n + " dollars a day", policy -> {
                for (Rule<Double> each : policy.model().maxUsdPerDay()) {
                    each.atMost((double) number, 1.0);
                }
            }));
        }
        for (Forks each : Forks.values()) {
            deeds.add(new Deed("forks " + each, policy -> policy.code().forks().atMost(each, Forks.NEVER)));
        }
        Stream.concat(MODELS.stream(), Stream.of((String) null))
                .forEach(each -> deeds.add(
                        new Deed("model " + each, policy -> policy.model().checkModel(each))));
        PATHS.forEach(each -> deeds.add(new Deed(
                "change " + each,
                policy -> refuseIf(policy.code().protects(each).isPresent()))));
        Stream.concat(BRANCHES.stream(), Stream.of((String) null)).forEach(branch -> {
            deeds.add(new Deed(
                    "upload from " + branch,
                    policy -> refuseIf(policy.uploadGate("shop", branch).isPresent())));
            PEOPLE.forEach(person -> deeds.add(new Deed(
                    person + " approves for " + branch,
                    policy -> refuseIf(!policy.review().reviewersOf(branch).stream()
                            .allMatch(rule -> rule.reviewers().contains(person))))));
        });
        return deeds;
    }

    /** What somebody may have set in a place. */
    private static Policy layer(Random random, String place) {
        PolicyConfiguration set = new PolicyConfiguration();
        set.setFourEyes(random.nextBoolean());
        set.setApprovalBeforeMerge(random.nextBoolean());
        set.setSandboxRequired(random.nextInt(4) == 0);
        set.setMinApprovals(random.nextBoolean() ? null : 1 + random.nextInt(5));
        set.setMaxTurns(random.nextBoolean() ? null : 1 + random.nextInt(5));
        set.setMaxMinutes(random.nextBoolean() ? null : 1 + random.nextInt(5));
        set.setMaxUsdPerRun(random.nextBoolean() ? null : 1.0 + random.nextInt(5));
        set.setMaxUsdPerDay(random.nextBoolean() ? null : 1.0 + random.nextInt(5));
        set.setModels(List.of("", "claude-*", "claude-opus-*", "other, claude-sonnet-4-5")
                .get(random.nextInt(4)));
        set.setProtectedPaths(List.of("", "infra/", "*.js", "docs/**, infra/**").get(random.nextInt(4)));
        set.setForks(List.of("", "never", "members", "always").get(random.nextInt(4)));
        set.setReviewers(random.ints(random.nextInt(3), 0, 3)
                .mapToObj(n -> new ReviewerRuleConfiguration(
                        List.of("main", "release/*", "**").get(n),
                        List.of("user:alice", "user:bob, group:leads", "user:alice, group:leads")
                                .get(random.nextInt(3))))
                .toList());
        set.setUploadGates(random.ints(random.nextInt(3), 0, 3)
                .mapToObj(n -> new UploadGateConfiguration(
                        List.of("shop", "*", "other").get(n),
                        List.of("main", "release/*", "**").get(random.nextInt(3))))
                .toList());
        return set.policy(place);
    }

    private static Rule<Boolean> jobs(String name, Random random) {
        return Rule.matching(name, List.of("", "other/*", "team/**").get(random.nextInt(3)), "team/a/job");
    }

    static Stream<Random> seeds() {
        return IntStream.range(0, 300).mapToObj(Random::new);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aFolderAllowsNothingThatAPlaceAroundItForbids(Random random) {
        Policy outer = layer(random, "")
                .allowing(jobs("sandboxOffAllowed", random), jobs("builtInNodeAllowed", random))
                .withDefaults();
        Policy folder = layer(random, "team");
        Policy deeper = layer(random, "team/a");
        Policy both = outer.and(folder);
        Policy all = both.and(deeper);
        for (Deed each : deeds()) {
            if (!each.isAllowed(outer)) {
                assertThat(each.isAllowed(both)).as(each.name()).isFalse();
            }
            if (!each.isAllowed(both) || !each.isAllowed(outer.and(deeper))) {
                assertThat(each.isAllowed(all)).as(each.name()).isFalse();
            }
            assertThat(each.isAllowed(outer.and(folder.and(deeper))))
                    .as(each.name())
                    .isEqualTo(each.isAllowed(all));
            assertThat(each.isAllowed(all.and(all))).as(each.name()).isEqualTo(each.isAllowed(all));
        }
    }

    private static PolicyConfiguration set() {
        return new PolicyConfiguration();
    }

    @Test
    void aRefusalNamesThePolicyItsPlaceAndWhoCanChangeIt() {
        PolicyConfiguration two = set();
        two.setMinApprovals(2);
        Rule<Integer> inFolder =
                Policy.DEFAULT.and(two.policy("team-a")).review().minApprovals();
        Rule<Integer> everywhere =
                two.policy("").and(two.policy("team-a")).review().minApprovals();

        assertThatThrownBy(() -> inFolder.atLeast(1, 1))
                .isInstanceOf(AbortException.class)
                .hasMessage(
                        "The policy \"minApprovals\" of the folder team-a says 2; 1 is refused. Change the step, or ask somebody who may configure"
                                + " the folder team-a to change it.");
        assertThatThrownBy(() -> everywhere.atLeast(1, 1))
                .hasMessageStartingWith("The policy \"minApprovals\" of the system configuration says 2; 1 is refused.")
                .hasMessageContaining("ask an administrator");
        assertThatThrownBy(() -> Policy.DEFAULT.model().checkSandboxOff())
                .hasMessageStartingWith(
                        "The policy \"sandboxOffAllowed\" (the default of the plugin) does not allow sandbox: 'off' in this job.");
    }

    @Test
    void aStepThatAsksForNothingGetsItsDefaultWithinThePolicy() throws Exception {
        PolicyConfiguration values = set();
        values.setMinApprovals(2);
        values.setMaxTurns(30);
        Policy policy = values.policy("");

        assertThat(policy.review().minApprovals().atLeast(null, 1)).isEqualTo(2);
        assertThat(policy.review().minApprovals().atLeast(3, 1)).isEqualTo(3);
        assertThat(policy.model().maxTurns().atMost(null, 60)).isEqualTo(30);
        assertThat(policy.model().maxTurns().atMost(null, 20)).isEqualTo(20);
        assertThat(policy.model().maxTurns().atMost(10, 60)).isEqualTo(10);
        assertThat(Policy.DEFAULT.model().maxTurns().atMost(900, 60)).isEqualTo(900);
    }

    @Test
    void withoutAnySettingMoneyHasCeilingsAndNothingDangerousIsAllowed() {
        assertThat(Policy.DEFAULT.model().maxUsdPerRun().value()).isEqualTo(20.0);
        assertThat(Policy.DEFAULT.model().maxUsdPerDay()).singleElement().satisfies(rule -> assertThat(rule.value())
                .isEqualTo(100.0));
        assertThat(Policy.DEFAULT.model().sandboxOffAllowed().on()).isFalse();
        assertThat(Policy.DEFAULT.code().builtInNodeAllowed().on()).isFalse();
        assertThat(Policy.DEFAULT.code().forks().value()).isEqualTo(Forks.MEMBERS);
        assertThat(Policy.SILENT.model().sandboxOffAllowed().on()).isFalse();
    }

    @Test
    void anAdministratorMayRaiseADefaultAndAFolderMayNot() throws Exception {
        PolicyConfiguration more = set();
        more.setMaxUsdPerRun(50.0);

        assertThat(more.policy("").withDefaults().model().maxUsdPerRun().atMost(50.0, 1.0))
                .isEqualTo(50.0);
        assertThatThrownBy(() -> Policy.DEFAULT
                        .and(more.policy("team"))
                        .model()
                        .maxUsdPerRun()
                        .atMost(50.0, 1.0))
                .hasMessageContaining("the default of the plugin");
    }

    @Test
    void onlyTheJobsThatTheAdministratorNamesMayDoWhatIsDangerous() {
        Rule<Boolean> rule = Rule.matching("sandboxOffAllowed", "lab/**, tools", "lab/a/b");
        assertThat(rule.on()).isTrue();
        assertThat(Rule.matching("sandboxOffAllowed", "lab/**, tools", "labor/a")
                        .on())
                .isFalse();
        assertThat(Rule.matching("sandboxOffAllowed", "lab/**, tools", "team/tools")
                        .on())
                .isFalse();
        Policy allowing = Policy.SILENT.allowing(rule, rule);
        assertThatCode(() -> allowing.model().checkSandboxOff()).doesNotThrowAnyException();
        PolicyConfiguration sandbox = set();
        sandbox.setSandboxRequired(true);
        assertThatThrownBy(() -> allowing.and(sandbox.policy("lab")).model().checkSandboxOff())
                .hasMessageContaining("\"sandboxRequired\" of the folder lab");
    }

    @Test
    void theFirstRowForABranchSaysWhoReviewsItAndEachPlaceHasToBeContent() {
        PolicyConfiguration system = set();
        system.setReviewers(List.of(
                new ReviewerRuleConfiguration("main, release/*", "group:leads"),
                new ReviewerRuleConfiguration("**", "user:alice, user:bob")));
        PolicyConfiguration folder = set();
        folder.setReviewers(List.of(new ReviewerRuleConfiguration("main", "user:carol")));
        ReviewPolicy policy = system.policy("").and(folder.policy("team")).review();

        assertThat(policy.reviewersOf("main"))
                .extracting(ReviewerRule::reviewers)
                .containsExactly(List.of("group:leads"), List.of("user:carol"));
        assertThat(policy.reviewersOf("feature/x"))
                .extracting(ReviewerRule::reviewers)
                .containsExactly(List.of("user:alice", "user:bob"));
        assertThat(policy.reviewersOf(null)).hasSize(3);
    }

    @Test
    void aGateCoversWhatItNamesAndWhateverIsNotKnown() {
        UploadGate gate = new UploadGate("shop, club-*", "main, release/*", "");
        assertThat(gate.covers("shop", "release/2")).isTrue();
        assertThat(gate.covers("club-1", null)).isTrue();
        assertThat(gate.covers("shop", "feature/x")).isFalse();
        assertThat(gate.covers("", "main")).isFalse();
        assertThat(new UploadGate("*", "**", "").covers("", "main")).isTrue();
        assertThat(gate.refusal("abc"))
                .hasMessageContaining("\"uploadGates\" of the system configuration")
                .hasMessageContaining("abc");
    }

    @Test
    void aBadValueIsRefusedWithWhatToWrite() {
        assertThatThrownBy(() -> set().setMinApprovals(0)).hasMessageContaining("from 1 to 20");
        assertThatThrownBy(() -> set().setMaxUsdPerRun(-1.0)).hasMessageContaining("US dollars");
        assertThatThrownBy(() -> set().setMaxUsdPerDay(Double.NaN)).hasMessageContaining("US dollars");
        assertThatThrownBy(() -> set().setForks("friends")).hasMessage("\"friends\" is none of never, members, always");
        assertThatThrownBy(() -> set().setProtectedPaths("../x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReviewerRuleConfiguration("main", "alice"))
                .hasMessageContaining("user:ID or group:NAME");
        assertThatThrownBy(() -> new ReviewerRuleConfiguration("main", " ")).hasMessageContaining("Name the reviewers");
        assertThatThrownBy(() -> new ReviewerRuleConfiguration(" ", "user:a"))
                .hasMessageContaining("Name the branches");
        assertThatThrownBy(() -> new UploadGateConfiguration("shop", "main release/*"))
                .hasMessageContaining("comma");
        assertThatThrownBy(() -> new UploadGateConfiguration("", "main")).hasMessageContaining("Name the profiles");
    }
}
