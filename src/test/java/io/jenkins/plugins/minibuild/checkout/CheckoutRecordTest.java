package io.jenkins.plugins.minibuild.checkout;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.FilePath;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CheckoutRecordTest extends CheckoutTestBase {
    private static Optional<CheckoutRecord> record(LocalBuild in) throws Exception {
        return CheckoutRecord.of(in, in.workspace());
    }

    private static void checkedOutByScm(LocalBuild in, String address) throws Exception {
        String mark = CheckoutRecord.scmMark(new Random());
        CheckoutRecord.mark(Path.of(in.workspace().getRemote()), mark);
        in.rememberAll(CheckoutRecord.facts(in.agent(), in.workspace(), RepositoryUrl.parse(address), mark));
    }

    @Test
    void theCheckoutOfThisBuildIsKnownAsLongAsItIsThere() throws Exception {
        assertThat(record(build)).isEmpty();
        checkout();
        assertThat(record(build)).contains(new CheckoutRecord(RepositoryUrl.parse(url), true));
        // What the old guess went by: git writes its index again whenever somebody asks for the state of the files.
        git(workspace(), "status");
        assertThat(record(build.next()))
                .as("the next build, the same workspace")
                .isEmpty();

        LocalBuild other = build.of("other");
        other.with((Object) gitee.known());
        checkout(other, url, o -> o);
        assertThat(record(build)).as("another build was there meanwhile").isEmpty();
        assertThat(record(other)).isPresent();
    }

    @Test
    void whatAScriptClonedIsNoRecord() throws Exception {
        git(temp, "clone", "--quiet", url, workspace().toString());
        assertThat(record(build)).isEmpty();
    }

    @Test
    void jenkinsOwnCheckoutIsKnownAndTakesThePlaceOfAnother() throws Exception {
        checkout();
        checkedOutByScm(build, url);
        assertThat(record(build)).contains(new CheckoutRecord(RepositoryUrl.parse(url), false));
        checkout();
        assertThat(record(build).orElseThrow().byStep()).isTrue();
    }

    @Test
    void aFolderWithoutARepositoryOfItsOwnTakesNoMark() throws Exception {
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
        Files.createSymbolicLink(workspace().resolve(".git"), elsewhere);
        checkedOutByScm(build, url);
        assertThat(elsewhere).isEmptyDirectory();
        assertThat(record(build)).isEmpty();
    }

    @Test
    void aLinkInPlaceOfTheMarkIsNotWrittenThrough() throws Exception {
        checkout();
        Path precious = Files.writeString(temp.resolve("precious"), "mine");
        Path mark = workspace().resolve(".git/mini-build-checkout");
        Files.delete(mark);
        Files.createSymbolicLink(mark, precious);
        checkedOutByScm(build, url);
        assertThat(precious).hasContent("mine");
        assertThat(record(build)).isPresent();
    }

    @Test
    void aCheckoutIntoAFolderIsNoneOfTheWorkspace() throws Exception {
        checkout(o -> o.directory("code"));
        assertThat(record(build)).isEmpty();
        FilePath code = build.workspace().child("code");
        assertThat(CheckoutRecord.of(build, code)).isPresent();
    }
}
