package io.jenkins.plugins.minibuild.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TriggerFilterTest {
    private static final String COMMIT = "1c06e1a5f2c0a6a3b1f0c2d3e4f5061728394a5b";

    private static Delivery push(String branch, String message, List<String> files) throws PayloadException {
        return new DeliveryDraft(Provider.GITEE, "k", "Push Hook")
                .repository("acme/shop", "master", "https://gitee.com/acme/shop.git")
                .pushed("refs/heads/" + branch)
                .commit(COMMIT, false)
                .author("lin")
                .message(message)
                .files(files, true)
                .done();
    }

    private static Delivery merge(EventKind kind, String title, List<String> labels, String comment)
            throws PayloadException {
        return new DeliveryDraft(Provider.GITLAB, "k", "Merge Request Hook")
                .kind(kind)
                .merge(12, "fast", "main", "refs/merge-requests/12/head")
                .commit(COMMIT, false)
                .described(title, "", false, labels)
                .author("lin")
                .comment(comment)
                .done();
    }

    private static Reason decide(Delivery delivery, Consumer<WebhookTrigger> settings) {
        WebhookTrigger trigger = new WebhookTrigger();
        settings.accept(trigger);
        return trigger.filter().decide(delivery).reason();
    }

    @Test
    void branchesAreIncludedAndExcludedByGlobOrExpression() throws Exception {
        Delivery push = push("release/1.2", "x", List.of("a"));
        assertThat(decide(push, t -> {})).isEqualTo(Reason.QUEUED);
        assertThat(decide(push, t -> t.setBranches("main, release/*"))).isEqualTo(Reason.QUEUED);
        assertThat(decide(push, t -> t.setBranches("main\nregex:release/\\d+\\.\\d+")))
                .isEqualTo(Reason.QUEUED);
        assertThat(decide(push, t -> t.setBranches("regex:release/\\d+"))).isEqualTo(Reason.BRANCH);
        assertThat(decide(push, t -> t.setBranches("*"))).isEqualTo(Reason.BRANCH);
        assertThat(decide(push, t -> t.setBranches("**"))).isEqualTo(Reason.QUEUED);
        assertThat(decide(push, t -> {
                    t.setBranches("release/**");
                    t.setExcludedBranches("release/1.*");
                }))
                .isEqualTo(Reason.BRANCH);
        assertThat(decide(push, t -> t.setPush(false))).isEqualTo(Reason.EVENT);
    }

    @Test
    void aPushHasToChangeAFileThatCounts() throws Exception {
        Delivery push = push("main", "x", List.of("docs/a.md", "pages/index/index.js"));
        assertThat(decide(push, t -> t.setPaths("pages/**"))).isEqualTo(Reason.QUEUED);
        assertThat(decide(push, t -> t.setPaths("cloud/**"))).isEqualTo(Reason.PATHS);
        assertThat(decide(push, t -> t.setExcludedPaths("docs/**"))).isEqualTo(Reason.QUEUED);
        assertThat(decide(push, t -> t.setExcludedPaths("docs/**, pages/**"))).isEqualTo(Reason.PATHS);
        Delivery unknown = new DeliveryDraft(Provider.AZURE, "k", "git.push")
                .pushed("refs/heads/main")
                .commit(COMMIT, false)
                .files(List.of(), false)
                .done();
        assertThat(decide(unknown, t -> t.setPaths("cloud/**"))).isEqualTo(Reason.QUEUED);
    }

    @Test
    void markersInTheHeadCommitSkip() throws Exception {
        for (String marker : List.of("x [skip ci]", "[CI skip] x", "x\n\n[no ci]", "x\n\n\nskip-checks: true")) {
            assertThat(decide(push("main", marker, List.of("a")), t -> {}))
                    .as(marker)
                    .isEqualTo(Reason.SKIP_CI);
            assertThat(decide(push("main", marker, List.of("a")), t -> t.setSkipCi(false)))
                    .isEqualTo(Reason.QUEUED);
        }
        assertThat(decide(push("main", "skip-checks: true in a sentence", List.of("a")), t -> {}))
                .isEqualTo(Reason.QUEUED);
    }

    @Test
    void mergeRequestsAreFilteredByDraftLabelPhraseAuthorAndTarget() throws Exception {
        Delivery opened = merge(EventKind.OPENED, "Faster", List.of("ready"), "");
        assertThat(decide(opened, t -> {})).isEqualTo(Reason.EVENT);
        assertThat(decide(opened, t -> t.setOpened(true))).isEqualTo(Reason.QUEUED);
        assertThat(decide(merge(EventKind.OPENED, "WIP: Faster", List.of(), ""), t -> t.setOpened(true)))
                .isEqualTo(Reason.DRAFT);
        for (String title : List.of("[Draft] x", "Draft: x", "draft：x", "(draft) x", "（WIP）x", "WIP x", " [wip]x")) {
            assertThat(decide(merge(EventKind.OPENED, title, List.of(), ""), t -> t.setOpened(true)))
                    .as(title)
                    .isEqualTo(Reason.DRAFT);
        }
        for (String title : List.of("Drafty but fine", "Draft the contract page", "Wipe the cache", "Undraft: x")) {
            assertThat(decide(merge(EventKind.OPENED, title, List.of(), ""), t -> t.setOpened(true)))
                    .as(title)
                    .isEqualTo(Reason.QUEUED);
        }
        assertThat(decide(opened, t -> {
                    t.setOpened(true);
                    t.setLabels("shipit");
                }))
                .isEqualTo(Reason.LABEL);
        assertThat(decide(opened, t -> {
                    t.setOpened(true);
                    t.setBranches("release/**");
                }))
                .isEqualTo(Reason.BRANCH);
        assertThat(decide(opened, t -> {
                    t.setOpened(true);
                    t.setExcludedAuthors("regex:li.");
                }))
                .isEqualTo(Reason.AUTHOR);
        Delivery comment = merge(EventKind.COMMENT, "Faster", List.of(), "please /Rebuild");
        assertThat(decide(comment, t -> t.setCommentPhrase("/rebuild"))).isEqualTo(Reason.QUEUED);
        assertThat(decide(comment, t -> t.setCommentPhrase("/deploy"))).isEqualTo(Reason.PHRASE);
        assertThat(decide(comment, t -> {})).isEqualTo(Reason.EVENT);
    }

    @Test
    void aProfileBuildsItsBranchOrTheDefaultOne() throws Exception {
        assertThat(TriggerFilter.pushesTo("main")
                        .decide(push("main", "", List.of()))
                        .reason())
                .isEqualTo(Reason.QUEUED);
        assertThat(TriggerFilter.pushesTo("main")
                        .decide(push("mainly", "", List.of()))
                        .reason())
                .isEqualTo(Reason.BRANCH);
        assertThat(TriggerFilter.pushesTo(null)
                        .decide(push("master", "", List.of()))
                        .reason())
                .isEqualTo(Reason.QUEUED);
        assertThat(TriggerFilter.pushesTo(null)
                        .decide(push("dev", "", List.of()))
                        .reason())
                .isEqualTo(Reason.BRANCH);
    }

    @Test
    void noPatternTakesLong() throws Exception {
        String name = "a".repeat(500) + "!";
        long start = System.nanoTime();
        assertThat(NamePatterns.parse("regex:(a+)+b").matches(name)).isFalse();
        assertThat(NamePatterns.parse("regex:(a|aa)*b").matches(name)).isFalse();
        assertThat(NamePatterns.parse("*a*a*a*a*a*a*a*a*a*a*a*a*a*b").matches(name))
                .isFalse();
        assertThat(NamePatterns.parse("**/a/**/a/**/a/**/a/**/b").matches("a/".repeat(250)))
                .isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void aBrokenPatternIsNamed() throws Exception {
        assertThatThrownBy(() -> new WebhookTrigger().setBranches("main\nregex:(a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("regex:(a");
        assertThatThrownBy(() -> new WebhookTrigger().setPaths("src\\main"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("src\\main");
        assertThatThrownBy(() -> new WebhookTrigger().setQuietPeriod(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> new WebhookTrigger().setRepository("ftp://x"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesThatGitDoesNotAllowAreRefused() throws Exception {
        for (String name : List.of("../../etc", "a..b", "x y", "x\u0000y", "-f", "a\u001b[31m", "a:b", "a~1")) {
            assertThatThrownBy(() -> new DeliveryDraft(Provider.GITHUB, "k", "push").pushed("refs/heads/" + name))
                    .as(name)
                    .isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> new DeliveryDraft(Provider.GITHUB, "k", "pull_request")
                            .merge(1, name, "main", "refs/pull/1/head"))
                    .as(name)
                    .isInstanceOf(PayloadException.class);
        }
    }

    @Test
    void hostileTextIsCleanedBeforeAnythingSeesIt() throws Exception {
        Delivery hostile = new DeliveryDraft(Provider.GITHUB, "k\u0000", "push")
                .pushed("refs/heads/x\u202ey")
                .commit("nonsense", false)
                .author("<script>alert(1)</script>\u0007")
                .message("line\r\nEVIL=1\u0000\n" + "x".repeat(20_000))
                .link("javascript:alert(1)")
                .done();
        assertThat(hostile.link()).isEmpty();
        assertThat(hostile.commit()).isEmpty();
        assertThat(hostile.message().length()).isLessThanOrEqualTo(Delivery.LONGEST_TEXT);
        hostile.variables().values().forEach(value -> assertThat(value.chars()).noneMatch(Character::isISOControl));
        assertThat(hostile.variables().get("MINIBUILD_BRANCH")).isEqualTo("x y");
        assertThat(new DeliveryDraft(Provider.GITHUB, "k", "push")
                        .link("https://x/\"onmouseover=1")
                        .done()
                        .link())
                .isEmpty();
    }
}
