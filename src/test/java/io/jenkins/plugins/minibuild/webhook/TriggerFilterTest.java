package io.jenkins.plugins.minibuild.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TriggerFilterTest {
    private static final String COMMIT = "1c06e1a5f2c0a6a3b1f0c2d3e4f5061728394a5b";

    private static Delivery push(String branch, String message, List<String> files) throws PayloadException {
        return push(Provider.GITEE, branch, new Delivery.Change(COMMIT, "lin", message, files, true, ""));
    }

    private static Delivery push(Provider provider, String branch, Delivery.Change change) throws PayloadException {
        return new Delivery(
                new Delivery.Event(provider, EventKind.PUSH, "Push Hook", "k\u0000"),
                new Delivery.Repository("acme/shop", List.of("https://gitee.com/acme/shop.git"), "master"),
                Delivery.Ref.pushed("refs/heads/" + branch, COMMIT, false),
                change,
                Delivery.MergeRequest.NONE);
    }

    private static Delivery merge(EventKind kind, String title, List<String> labels, String comment)
            throws PayloadException {
        return new Delivery(
                new Delivery.Event(Provider.GITLAB, kind, "Merge Request Hook", "k"),
                Delivery.Repository.NONE,
                Delivery.Ref.source("refs/merge-requests/12/head", "fast"),
                Delivery.Change.withoutFiles(COMMIT, "lin", "", ""),
                Delivery.MergeRequest.of(
                        12,
                        "main",
                        title,
                        false,
                        labels,
                        comment,
                        new Trust(Trust.Origin.OWN, Trust.Standing.MEMBER, "lin")));
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
        Delivery unknown = push(Provider.AZURE, "main", Delivery.Change.withoutFiles(COMMIT, "lin", "", ""));
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
    void aBrokenPatternIsNamed() throws Exception {
        assertThatThrownBy(() -> new WebhookTrigger().setBranches("main\nregex:(a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("regex:(a");
        assertThatThrownBy(() -> new WebhookTrigger().setPaths("src\\main"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("src\\main");
        // Two branches without a comma would be one that no ref can match.
        for (Consumer<WebhookTrigger> setter : List.<Consumer<WebhookTrigger>>of(
                t -> t.setBranches("main release/*"),
                t -> t.setExcludedBranches("main release/*"),
                t -> t.setTags("main release/*"))) {
            assertThatThrownBy(() -> setter.accept(new WebhookTrigger()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'main release/*' has a space in it");
        }
        WebhookTrigger trigger = new WebhookTrigger();
        trigger.setAuthors("Li Na");
        trigger.setPaths("docs/read me.md");
        trigger.setLabels("good first issue");
        assertThatThrownBy(() -> new WebhookTrigger().setQuietPeriod(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> new WebhookTrigger().setRepository("ftp://x"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesThatGitDoesNotAllowAreRefused() throws Exception {
        for (String name : List.of("../../etc", "a..b", "x y", "x\u0000y", "-f", "a\u001b[31m", "a:b", "a~1")) {
            assertThatThrownBy(() -> Delivery.Ref.pushed("refs/heads/" + name, COMMIT, false))
                    .as(name)
                    .isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> Delivery.Ref.source("refs/pull/1/head", name))
                    .as(name)
                    .isInstanceOf(PayloadException.class);
            assertThatThrownBy(() -> Delivery.MergeRequest.of(1, name, "", false, List.of(), "", Trust.UNKNOWN))
                    .as(name)
                    .isInstanceOf(PayloadException.class);
        }
    }

    @Test
    void hostileTextIsCleanedBeforeAnythingSeesIt() throws Exception {
        Delivery hostile = push(
                Provider.GITHUB,
                "x\u202ey",
                new Delivery.Change(
                        "nonsense",
                        "<script>alert(1)</script>\u0007",
                        "line\r\nEVIL=1\u0000\n" + "x".repeat(20_000),
                        List.of(),
                        true,
                        "javascript:alert(1)"));
        assertThat(hostile.change().link()).isEmpty();
        assertThat(hostile.change().commit()).isEmpty();
        assertThat(hostile.event().key()).isEqualTo("k");
        assertThat(hostile.change().message().length()).isLessThanOrEqualTo(Delivery.LONGEST_TEXT);
        hostile.variables().values().forEach(value -> assertThat(value.chars()).noneMatch(Character::isISOControl));
        assertThat(hostile.variables().get("MINIBUILD_BRANCH")).isEqualTo("x y");
        assertThat(Delivery.Change.withoutFiles("", "", "", "https://x/\"onmouseover=1")
                        .link())
                .isEmpty();
    }
}
