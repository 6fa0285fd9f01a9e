package io.jenkins.plugins.minibuild.checkout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import hudson.model.Item;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;
import org.springframework.security.access.AccessDeniedException;

class GiteeCheckoutStepTest extends CheckoutTestBase {
    private final GiteeCheckoutStep.DescriptorImpl descriptor = new GiteeCheckoutStep.DescriptorImpl();

    @Test
    void aFreshStepHasTheDocumentedDefaults() {
        GiteeCheckoutStep step = new GiteeCheckoutStep(" https://gitee.com/acme/shop.git ");

        assertThat(step.getUrl()).isEqualTo("https://gitee.com/acme/shop.git");
        assertThat(step.getBranch()).isNull();
        assertThat(step.getCommit()).isNull();
        assertThat(step.getCredentialsId()).isNull();
        assertThat(step.getDirectory()).isNull();
        assertThat(step.getDepth()).isEqualTo(1);
        assertThat(step.getRetries()).isEqualTo(3);
        assertThat(step.isVerify()).isTrue();
        assertThat(step.isMirror()).isTrue();
        assertThat(step.isSubmodules() || step.isLfs() || step.isForce()).isFalse();
    }

    @Test
    void blankTextIsNoValue() {
        GiteeCheckoutStep step = new GiteeCheckoutStep(url);
        step.setBranch(" ");
        step.setCommit("");
        step.setCredentialsId(" ");
        step.setDirectory(".");

        assertThat(step.getBranch()).isNull();
        assertThat(step.getCommit()).isNull();
        assertThat(step.getCredentialsId()).isNull();
        assertThat(step.getDirectory()).isNull();
    }

    @Test
    void settersRefuseBadValuesAndTakeVariables() {
        GiteeCheckoutStep step = new GiteeCheckoutStep(url);

        assertThatThrownBy(() -> step.setBranch("a b")).hasMessageContaining("branch or tag");
        assertThatThrownBy(() -> step.setCommit("12")).hasMessageContaining("40 digits");
        assertThatThrownBy(() -> step.setDirectory("../x")).hasMessageContaining("inside the workspace");
        assertThatThrownBy(() -> step.setDepth(-1)).hasMessageContaining("depth");
        assertThatThrownBy(() -> step.setRetries(99)).hasMessageContaining("20");
        step.setBranch("${BRANCH}");
        assertThat(step.getBranch()).isEqualTo("${BRANCH}");
    }

    @Test
    void theTaskChecksOutAndReturnsAMap() throws Exception {
        GiteeCheckoutStep step = new GiteeCheckoutStep(url);
        step.setDirectory("code");

        Map<String, Object> returned = step.toReturnValue(step.task().run(build));

        assertThat(returned)
                .containsEntry("commit", first)
                .containsEntry("branch", "main")
                .containsEntry("previousCommit", "");
        assertThat(returned.values()).allMatch(String.class::isInstance);
        assertThat(workspace().resolve("code/app.json")).exists();
    }

    @Test
    void aBadAddressIsAnErrorOfTheUser() {
        assertThatThrownBy(() -> new GiteeCheckoutStep("ext::id").task().run(build))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("https://");
        assertThatThrownBy(() -> new GiteeCheckoutStep(shop.toString()).task().run(build))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("disk of the Jenkins controller");
    }

    @Test
    void theArgumentShownIsTheAddressAndNeverASecret() {
        assertThat(descriptor.argumentsToString(Map.of("url", "https://gitee.com/a/b")))
                .isEqualTo("https://gitee.com/a/b");
        assertThat(descriptor.argumentsToString(Map.of("url", "https://me:pw@gitee.com/a/b")))
                .isNull();
        assertThat(descriptor.argumentsToString(Map.of())).isNull();
    }

    @Test
    void checksAnswerThoseWhoMayConfigureOnly() {
        Item mine = item(true);
        Item other = item(false);

        assertThat(descriptor.doCheckUrl(mine, "git://x/y").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(descriptor.doCheckUrl(mine, "https://gitee.com/a/b").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(descriptor.doCheckUrl(mine, "${URL}").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(descriptor.doCheckBranch(mine, "a..b").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(descriptor.doCheckCommit(mine, "x").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(descriptor.doCheckDirectory(mine, "/x").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(descriptor.doCheckDepth(mine, "many").kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(descriptor.doCheckRetries(mine, "3").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(descriptor.doCheckCredentialsId(mine, "nobody", url).kind).isEqualTo(FormValidation.Kind.ERROR);
        assertThat(descriptor.doCheckUrl(other, "git://x/y").kind).isEqualTo(FormValidation.Kind.OK);
        assertThat(descriptor.doCheckCredentialsId(other, "nobody", url).kind).isEqualTo(FormValidation.Kind.OK);
    }

    @Test
    void withoutPermissionOnlyTheCurrentCredentialIsListedAndNoServerIsAsked() {
        ListBoxModel items = descriptor.doFillCredentialsIdItems(item(false), url, "current");

        assertThat(items).extracting(option -> option.value).containsExactly("current");
        assertThatThrownBy(() -> descriptor.doTestRepository(item(false), url, "", ""))
                .isInstanceOf(AccessDeniedException.class);
        assertThat(gitee.requests()).isEmpty();
    }

    private static Item item(boolean allowed) {
        return (Item) Proxy.newProxyInstance(
                Item.class.getClassLoader(), new Class<?>[] {Item.class}, (proxy, method, arguments) -> {
                    ACL acl = ACL.lambda2((who, what) -> allowed);
                    return switch (method.getName()) {
                        case "getACL" -> acl;
                        case "hasPermission" -> allowed;
                        case "checkPermission" -> {
                            acl.checkPermission((hudson.security.Permission) arguments[0]);
                            yield null;
                        }
                        default -> null;
                    };
                });
    }

    @Test
    void everyFieldHasHelpInBothLanguages() throws Exception {
        Path resources = Path.of("src/main/resources/io/jenkins/plugins/minibuild/checkout/GiteeCheckoutStep");
        String form = Files.readString(resources.resolve("config.jelly"));
        for (String field : List.of(
                "url",
                "credentialsId",
                "branch",
                "commit",
                "directory",
                "depth",
                "submodules",
                "lfs",
                "retries",
                "verify",
                "mirror",
                "force")) {
            assertThat(form).contains("field=\"" + field + "\"");
            assertThat(resources.resolve("help-" + field + ".html")).exists();
            assertThat(resources.resolve("help-" + field + "_zh_CN.html")).exists();
        }
    }

    @Test
    void everyMessageIsThereInChinese() {
        for (String bundle : List.of("checkout", "forge")) {
            String name = "io.jenkins.plugins.minibuild." + bundle + ".Messages";
            ResourceBundle english = ResourceBundle.getBundle(name, Locale.ROOT);
            ResourceBundle chinese = ResourceBundle.getBundle(name, Locale.SIMPLIFIED_CHINESE);
            assertThat(chinese.getLocale()).isEqualTo(Locale.SIMPLIFIED_CHINESE);
            for (String key : english.keySet()) {
                assertThat(chinese.getString(key)).as(key).matches("(?s).*\\p{IsHan}.*|.*\\{0}.*");
                assertThat(arguments(chinese.getString(key))).as(key).isEqualTo(arguments(english.getString(key)));
            }
        }
    }

    private static List<String> arguments(String message) {
        return message.chars().filter(c -> c == '{').count() == 0
                ? List.of()
                : java.util.regex.Pattern.compile("\\{\\d}")
                        .matcher(message)
                        .results()
                        .map(java.util.regex.MatchResult::group)
                        .sorted()
                        .toList();
    }
}
