package io.jenkins.plugins.minibuild.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.scm.EditType;
import io.jenkins.plugins.minibuild.files.Json;
import io.jenkins.plugins.minibuild.standin.GiteeService;
import io.jenkins.plugins.minibuild.step.CheckoutNews;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The list of changes of a build. */
class ChangesTest extends CheckoutTestBase {
    private List<ListedCommit> changes() throws Exception {
        CheckoutNews news = build.checkouts().get(build.checkouts().size() - 1);
        return news.changes().isEmpty()
                ? List.of()
                : List.of(Json.MAPPER.readValue(news.changes(), ListedCommit[].class));
    }

    /** Git counts whole seconds, and of histories that do not meet the later commits are listed. */
    private static void awaitSecondAfter(CommitInfo commit) {
        while (System.currentTimeMillis() / 1000 <= commit.time().getEpochSecond()) {
            Thread.onSpinWait();
        }
    }

    private List<String> subjects() throws Exception {
        return changes().stream().map(ListedCommit::subject).toList();
    }

    @Test
    void theNextBuildListsWhatIsNewAlthoughItsHistoryIsShallow() throws Exception {
        checkout();
        assertThat(changes()).as("the first build").isEmpty();
        write("pages/cart.js", "Page({})\n");
        commit("main", "A cart");
        Files.delete(files.resolve("pages/index.js"));
        write("茶 list.json", "{}");
        String last = commit("main", "The tea list\n\nwith \"quotes\" <b>and</b>\n\nCloses nothing");
        build = build.next();

        checkout();

        assertThat(subjects()).containsExactly("The tea list", "A cart");
        ListedCommit newest = changes().get(0);
        assertThat(newest.id()).isEqualTo(last);
        assertThat(newest.author()).isEqualTo("Wang Li");
        assertThat(newest.email()).isEqualTo("wang@example.com");
        assertThat(newest.message()).endsWith("Closes nothing").contains("<b>and</b>");
        assertThat(newest.files())
                .extracting(each -> each.kind() + " " + each.path())
                .containsExactlyInAnyOrder("D pages/index.js", "A 茶 list.json");
        assertThat(build.checkouts()).singleElement().satisfies(news -> assertThat(news.page())
                .isEqualTo(gitee.known().web() + "/acme/shop/commit/"));

        build = build.next();
        checkout();
        assertThat(changes()).as("nothing new").isEmpty();
    }

    @Test
    void aBranchIsComparedWithItsOwnLastBuild() throws Exception {
        awaitSecondAfter(checkout());
        commit("feature/y", "One on y");
        build = build.next();
        checkout(o -> o.branch("feature/y"));
        assertThat(subjects())
                .as("the first of the branch, since the last of all")
                .containsExactly("One on y");
        commit("main", "One on main");
        build = build.next();
        checkout(o -> o.branch("main"));
        assertThat(subjects()).containsExactly("One on main");
        commit("feature/y", "Two on y");
        build = build.next();
        checkout(o -> o.branch("feature/y"));
        assertThat(subjects()).containsExactly("Two on y");
    }

    @Test
    void aPushBackListsNothingAndAReplacedHistoryItsOwnCommits() throws Exception {
        commit("main", "Second");
        checkout();
        git(shop, "update-ref", "refs/heads/main", first);
        build = build.next();
        checkout();
        assertThat(changes()).isEmpty();
        write("other.txt", "o");
        commit("main", "Instead of the second");
        build = build.next();
        checkout();
        assertThat(subjects()).containsExactly("Instead of the second");
    }

    @Test
    void ofManyCommitsTheNewestAreListedAndTheOldestOfThemHasNoFiles() throws Exception {
        awaitSecondAfter(checkout());
        GiteeService.commits(shop, "main", 60);
        build = build.next();
        checkout();
        assertThat(subjects()).hasSize(21).startsWith("Change 59", "Change 58");
        assertThat(changes().get(20).files())
                .as("git takes it for the first of all")
                .isEmpty();

        GiteeService.commits(shop, "main", 3);
        build = build.next();
        checkout();
        assertThat(subjects()).containsExactly("Change 2", "Change 1", "Change 0");
    }

    @Test
    void aSecondCheckoutOfTheBuildListsNothingTwiceAndOneForCodeListsNothing() throws Exception {
        checkout();
        commit("main", "Second");
        build = build.next();
        checkout();
        checkout(o -> o.directory("again"));
        assertThat(build.checkouts()).hasSize(2);
        assertThat(build.checkouts().get(1).changes()).isEmpty();
        build = build.next();
        checkout(o -> o.branch("main").newest());
        assertThat(build.checkouts()).isEmpty();
    }

    @Test
    void whatNoCommitCanBeIsLeftOut() {
        String good = "\0" + first + "\0Li\0li@example.com\0" + "100\0Message\0" + first + "\0\n\nM\ta.js\n";
        assertThat(ListedCommit.parseAll(good)).hasSize(1);
        assertThat(ListedCommit.parseAll(good + "\0" + first + "\0cut off")).hasSize(1);
        assertThat(ListedCommit.parseAll(good + "\0no id\0a\0b\0c\0d\0e\0f")).hasSize(1);
        assertThat(ListedCommit.parseAll("")).isEmpty();
        assertThat(ListedCommit.parseAll("\0\0\0\0\0\0\0\0\0")).isEmpty();
    }

    @Test
    void jenkinsReadsTheListWithLinks() throws Exception {
        checkout();
        write("new.js", "n");
        String second = commit("main", "Second");
        build = build.next();
        checkout();
        CheckoutNews news = build.checkouts().get(0);
        Path file = Files.writeString(temp.resolve("changelog.json"), news.changes());
        CheckoutSourceAdapter source = new CheckoutSourceAdapter(url, "main", news.page());

        ChangesAdapter read =
                (ChangesAdapter) source.createChangeLogParser().parse(null, source.getBrowser(), file.toFile());

        assertThat(read.isEmptySet()).isFalse();
        assertThat(read).singleElement().satisfies(entry -> {
            assertThat(entry.getMsg()).isEqualTo("Second");
            assertThat(entry.getCommitId()).isEqualTo(second);
            assertThat(entry.getLink()).isEqualTo(gitee.known().web() + "/acme/shop/commit/" + second);
            assertThat(entry.getAffectedPaths()).containsExactly("new.js");
            assertThat(entry.getAffectedFiles().iterator().next().getEditType()).isSameAs(EditType.ADD);
        });
        assertThat(new CheckoutSourceAdapter(url, "main", "").getBrowser()).isNull();
    }

    @Test
    void eachServiceShowsItsCommitsElsewhere() {
        for (String[] each : new String[][] {
            {"git@gitee.com:acme/shop.git", "https://gitee.com/acme/shop/commit/"},
            {"ssh://git@ssh.github.com:443/acme/shop.git", "https://github.com/acme/shop/commit/"},
            {"https://gitlab.com/group/sub/shop", "https://gitlab.com/group/sub/shop/-/commit/"},
            {"https://dev.azure.com/acme/My%20Shop/_git/app", "https://dev.azure.com/acme/My%20Shop/_git/app/commit/"},
            {"https://git.example.com/acme/shop", ""},
            {"/srv/git/shop", ""},
        }) {
            assertThat(CommitPages.of(build, RepositoryUrl.parse(each[0])))
                    .as(each[0])
                    .isEqualTo(each[1]);
        }
    }
}
