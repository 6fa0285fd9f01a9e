package io.jenkins.plugins.minibuild.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepositoryAddressTest {
    private static final String SHOP = "https://gitee.com/acme/shop.git";
    private static final String DOCS = "https://gitee.com/acme/docs.git";

    @TempDir
    Path root;

    private LocalBuild build;

    @BeforeEach
    void start() throws Exception {
        build = LocalBuild.in(root.resolve("build"));
    }

    private String address(String given, FilePath folder) throws Exception {
        return RepositoryAddress.of(build, given, folder).text();
    }

    private void checkedOut(String url, FilePath folder) {
        build.remember(RepositoryAddress.fact("local", folder), url);
    }

    @Test
    void whatTheStepSaysComesFirst() throws Exception {
        checkedOut(DOCS, build.workspace());
        assertThat(address(SHOP, build.workspace())).isEqualTo(SHOP);
    }

    @Test
    void theCheckoutOfTheFolderDecides() throws Exception {
        FilePath docs = build.workspace().child("docs");
        checkedOut(SHOP, build.workspace());
        checkedOut(DOCS, docs);
        assertThat(address(null, build.workspace())).isEqualTo(SHOP);
        assertThat(address(null, docs)).isEqualTo(DOCS);
        assertThat(address(null, new FilePath(Path.of(docs.getRemote() + "/").toFile())))
                .isEqualTo(DOCS);
    }

    @Test
    void theOnlyRepositoryOfTheBuildCountsInEveryFolder() throws Exception {
        checkedOut(SHOP, build.workspace().child("a"));
        checkedOut(SHOP, build.workspace().child("b"));
        assertThat(address(null, build.workspace())).isEqualTo(SHOP);
    }

    @Test
    void amongSeveralRepositoriesNoneIsGuessed() {
        checkedOut(SHOP, build.workspace().child("a"));
        checkedOut(DOCS, build.workspace().child("b"));
        assertThatThrownBy(() -> address(null, build.workspace()))
                .isInstanceOf(AbortException.class)
                .hasMessageContainingAll(SHOP, DOCS, "\"url\"");
    }

    @Test
    void neitherAnEarlierBuildNorTheWorkspaceSaysIt() throws Exception {
        checkedOut(SHOP, build.workspace());
        build = build.next();
        Path config = Path.of(build.workspace().getRemote(), ".git/config");
        Files.createDirectories(config.getParent());
        Files.writeString(config, "[remote \"origin\"]\n\turl = " + DOCS + "\n");
        assertThatThrownBy(() -> address(null, build.workspace()))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("\"url\"");
    }
}
