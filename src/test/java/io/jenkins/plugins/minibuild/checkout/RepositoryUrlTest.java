package io.jenkins.plugins.minibuild.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.minibuild.checkout.RepositoryUrl.Transport;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RepositoryUrlTest {
    @Example
    void readsEveryForm() {
        RepositoryUrl https = RepositoryUrl.parse(" https://Gitee.com/acme/shop.git ");
        assertThat(https.transport()).isEqualTo(Transport.HTTPS);
        assertThat(https.host()).isEqualTo("gitee.com");
        assertThat(https.owner()).isEqualTo("acme");
        assertThat(https.name()).isEqualTo("shop");
        assertThat(https.text()).isEqualTo("https://Gitee.com/acme/shop.git");

        RepositoryUrl ssh = RepositoryUrl.parse("ssh://git@gitlab.example.com:2222/group/sub/shop");
        assertThat(ssh.transport()).isEqualTo(Transport.SSH);
        assertThat(ssh.user()).isEqualTo("git");
        assertThat(ssh.port()).isEqualTo(2222);
        assertThat(ssh.owner()).isEqualTo("group/sub");

        RepositoryUrl scp = RepositoryUrl.parse("git@gitee.com:acme/shop.git");
        assertThat(scp.transport()).isEqualTo(Transport.SSH);
        assertThat(scp).isEqualTo(RepositoryUrl.parse("ssh://git@gitee.com/acme/shop"));

        assertThat(RepositoryUrl.parse("/srv/git/shop.git").transport()).isEqualTo(Transport.LOCAL);
        assertThat(RepositoryUrl.parse("file:///srv/git/shop.git")).isEqualTo(RepositoryUrl.parse("/srv/git/shop"));
        assertThat(RepositoryUrl.parse("http://[::1]:8080/a/b").port()).isEqualTo(8080);
    }

    @Example
    void spellingsOfOneRepositoryAreEqualAndOthersAreNot() {
        RepositoryUrl one = RepositoryUrl.parse("https://gitee.com/acme/shop");
        for (String same : new String[] {
            "https://gitee.com/acme/shop.git", "https://GITEE.com:443/acme/shop/", "https://gitee.com//acme/shop.git/"
        }) {
            assertThat(RepositoryUrl.parse(same).key()).as(same).isEqualTo(one.key());
        }
        for (String other : new String[] {
            "http://gitee.com/acme/shop", "https://gitee.com:444/acme/shop", "https://gitee.com/acme/Shop"
        }) {
            assertThat(RepositoryUrl.parse(other).key()).as(other).isNotEqualTo(one.key());
        }
    }

    @Example
    void allNamesOfARepositoryAreTheSame() {
        for (String[] names : new String[][] {
            {
                "https://github.com/acme/shop.git",
                "git@github.com:acme/shop",
                "ssh://git@ssh.github.com:443/acme/shop.git",
                "https://GitHub.com:443/Acme/Shop/",
                "https://www.github.com/acme/shop",
                "https://github.com/%61cme/shop"
            },
            {
                "https://gitlab.com/group/sub/shop.git",
                "git@gitlab.com:group/sub/shop.git",
                "ssh://git@altssh.gitlab.com:443/group/sub/shop.git"
            },
            {
                "https://dev.azure.com/acme/My%20Project/_git/My%20Shop",
                "https://acme@dev.azure.com/acme/My%20Project/_git/My%20Shop",
                "git@ssh.dev.azure.com:v3/acme/My%20Project/My%20Shop",
                "ssh://git@ssh.dev.azure.com:22/v3/acme/My%20Project/My%20Shop",
                "acme@vs-ssh.visualstudio.com:v3/acme/My%20Project/My%20Shop",
                "https://acme.visualstudio.com/My%20Project/_git/My%20Shop",
                "https://acme.visualstudio.com/DefaultCollection/My%20Project/_git/My%20Shop",
                "https://dev.azure.com/acme/My%20Project/_git/_full/My%20Shop"
            },
            {
                "https://dev.azure.com/acme/shop/_git/shop",
                "https://dev.azure.com/acme/_git/shop",
                "https://acme.visualstudio.com/_git/shop",
                "git@ssh.dev.azure.com:v3/acme/shop/shop"
            },
            {"https://dev.azure.com/acme/%E5%95%86%E5%BA%97/_git/a+b", "https://dev.azure.com/acme/商店/_git/a+b"},
            {"ssh://git@git.example.com:2222/acme/shop", "https://git.example.com:8443/acme/shop.git"},
        }) {
            RepositoryUrl one = RepositoryUrl.parse(names[0]);
            for (String each : names) {
                RepositoryUrl other = RepositoryUrl.parse(each);
                assertThat(other.sameRepository(one)).as(each).isTrue();
                assertThat(other.identityKey()).as(each).isEqualTo(one.identityKey());
            }
        }
    }

    @Example
    void othersAreNot() {
        for (String[] two : new String[][] {
            {"https://github.com/acme/shop", "https://gitlab.com/acme/shop"},
            {"https://github.com/acme/shop", "https://github.com/acme/shop2"},
            {"https://dev.azure.com/acme/a/_git/shop", "https://dev.azure.com/acme/b/_git/shop"},
            {"https://dev.azure.com/acme/a/_git/shop", "https://dev.azure.com/other/a/_git/shop"},
            {"https://acme.visualstudio.com/a/_git/shop", "https://other.visualstudio.com/a/_git/shop"},
            {"https://ssh.github.com.example.com/acme/shop", "https://github.com/acme/shop"},
            {"/srv/git/shop", "/srv/git/Shop"},
            {"/acme/shop", "https://github.com/acme/shop"},
        }) {
            assertThat(RepositoryUrl.parse(two[0]).sameRepository(RepositoryUrl.parse(two[1])))
                    .as(String.join(" ", two))
                    .isFalse();
        }
    }

    @Example
    void theOrganisationOfAzureIsNoLoginAndIsLeftOut() {
        assertThat(RepositoryUrl.parse("https://acme@dev.azure.com/acme/shop/_git/shop")
                        .text())
                .isEqualTo("https://dev.azure.com/acme/shop/_git/shop");
        for (String secret : new String[] {
            "https://s3cret@dev.azure.com/acme/shop/_git/shop",
            "https://acme:s3cret@dev.azure.com/acme/shop/_git/shop",
            "https://acme@dev.azure.com.example.com/acme/shop"
        }) {
            assertThatThrownBy(() -> RepositoryUrl.parse(secret))
                    .as(secret)
                    .hasMessageContaining("holds a user name or password");
        }
    }

    @Example
    void refusesWhatGitCouldTakeForSomethingElse() {
        for (String bad : new String[] {
            "",
            " ",
            "-u./evil",
            "--upload-pack=touch /tmp/x",
            "ext::sh -c id",
            "ext::id",
            "fd::17",
            "git://gitee.com/acme/shop",
            "ftp://gitee.com/acme/shop",
            "https://-oProxyCommand=id/x",
            "ssh://-oProxyCommand=id/x",
            "-oProxyCommand=id:x",
            "git@-host:x/y",
            "git@host:-x/y",
            "ssh://-u@host/x",
            "https://gitee.com",
            "https://gitee.com/",
            "https://gitee.com/../x",
            "https://gitee.com/a/%2e%2e/x",
            "https://gitee.com/a%2Fb/x",
            "https://gitee.com/a/b?token=x",
            "https://gitee.com/a/b#x",
            "https://gitee.com/a\u0000b/c",
            "https://gitee.com/a b/c",
            "https://gitee.com/$(id)/c",
            "https://gitee.com/`id`/c",
            "https://gitee.com:99999/a/b",
            "file://host/share/x",
            "acme/shop",
            "${URL}"
        }) {
            assertThatThrownBy(() -> RepositoryUrl.parse(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Example
    void aSecretInTheAddressIsRefusedAndMasked() {
        for (String bad : new String[] {
            "https://me:s3cret@gitee.com/a/b",
            "https://s3cret@gitee.com/a/b",
            "https://me:x@s3cret@gitee.com/a/b",
            "ssh://git:s3cret@gitee.com/a/b",
            "https://s3cret@gitee.com/a/b?x=s3cret"
        }) {
            assertThatThrownBy(() -> RepositoryUrl.parse(bad))
                    .hasMessageContaining("holds a user name or password")
                    .hasMessageNotContaining("s3cret");
        }
    }

    @Property(tries = 3000)
    void anyTextIsReadOrRefusedInOneWay(@ForAll String text) {
        check(text);
    }

    @Property(tries = 3000)
    void addressesOfOddPartsAreReadOrRefusedInOneWay(@ForAll("addresses") String text) {
        check(text);
    }

    private static void check(String text) {
        RepositoryUrl url;
        try {
            url = RepositoryUrl.parse(text);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        assertThat(url.text()).isEqualTo(text.strip()).doesNotStartWith("-").doesNotContain("\n", "\r", "\0", " ");
        assertThat(url.name()).isNotEmpty().isNotEqualTo("..");
        assertThat(("/" + url.owner() + "/")).doesNotContain("/../");
        assertThat(url.key()).matches("[0-9a-f]{40}");
        assertThat(RepositoryUrl.parse(url.text())).isEqualTo(url);
        if (url.isHttp()) {
            assertThat(url.text().substring(0, url.text().indexOf(url.name()))).doesNotContain("@");
        }
    }

    @Provide
    Arbitrary<String> addresses() {
        Arbitrary<String> schemes = Arbitraries.of(
                "https://", "http://", "ssh://", "file://", "git@", "ext::", "-", "", "HTTPS://", "git://", "https:/");
        Arbitrary<String> hosts = Arbitraries.of(
                "gitee.com", "user:pw@host", "host:80", "-host", "[::1]", "[", "a..b", "", "host:", "u@v@w", "host:x");
        Arbitrary<String> paths = Arbitraries.of(
                "/a/b",
                "/a/b.git",
                ":a/b",
                "/../b",
                "/%2e%2e/b",
                "/",
                "",
                "/a b",
                "/a\tb",
                "/.git",
                "/a//b/",
                "/中/文",
                "/a/b?c",
                "/a/b#c",
                "/a\\b",
                "/-a/-b",
                "/%",
                "/%zz",
                "/a/.",
                "/\u202ea/b");
        return Combinators.combine(schemes, hosts, paths).as((scheme, host, path) -> scheme + host + path);
    }
}
