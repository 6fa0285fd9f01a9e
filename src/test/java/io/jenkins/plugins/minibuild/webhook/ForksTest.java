package io.jenkins.plugins.minibuild.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.minibuild.access.Forks;
import io.jenkins.plugins.minibuild.files.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Merge requests of forks and comments of strangers start nothing that nobody has allowed. */
class ForksTest {
    private static final String COMMIT = "1c06e1a5f2c0a6a3b1f0c2d3e4f5061728394a5b";

    @TempDir
    Path folder;

    private IntakeFixture fixture;
    private WebhookTrigger trigger;

    @BeforeEach
    void start() throws Exception {
        fixture = new IntakeFixture(folder);
        trigger = new WebhookTrigger();
        trigger.setOpened(true);
        trigger.setUpdated(true);
        trigger.setCommentPhrase("/rebuild");
    }

    private Reason call(Provider provider, String event, byte[] body) {
        fixture.filter = trigger.filter();
        fixture.now = fixture.now.plusSeconds(1);
        fixture.call(IntakeFixture.signed(provider, event, body, IntakeFixture.SECRET, fixture.now));
        return fixture.log.list(IntakeFixture.OWNER).get(0).decision().reason();
    }

    private Reason file(Provider provider, String event, String name, Consumer<ObjectNode> change) throws Exception {
        ObjectNode body = (ObjectNode) Json.MAPPER.readTree(IntakeFixture.file(name));
        change.accept(body);
        return call(provider, event, Json.MAPPER.writeValueAsBytes(body));
    }

    private static byte[] gitHub(String action, String fork, String association, String sender) {
        return """
                {"action":"%s","number":12,"sender":{"login":"%s"},
                 "repository":{"full_name":"acme/shop","clone_url":"https://github.com/acme/shop.git"},
                 "pull_request":{"number":12,"title":"Faster","user":{"login":"mallory"},"author_association":"%s",
                  "head":{"sha":"%s","ref":"fast","repo":{"full_name":"%s"}},
                  "base":{"ref":"main","repo":{"full_name":"acme/shop"}}}}
                """.formatted(action, sender, association, COMMIT, fork).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gitHubComment(String association) {
        return """
                {"action":"created","repository":{"full_name":"acme/shop","clone_url":"https://github.com/acme/shop.git"},
                 "issue":{"number":12,"title":"Faster","pull_request":{"url":"x"}},
                 "comment":{"body":"/rebuild","user":{"login":"mallory"},"author_association":"%s"}}
                """.formatted(association).getBytes(StandardCharsets.UTF_8);
    }

    private static void fork(ObjectNode body) {
        ((ObjectNode) body.at("/pull_request/head/repo")).put("full_name", "mallory/shop");
    }

    @Test
    void aMergeRequestOfAForkStartsNothing() throws Exception {
        assertThat(call(Provider.GITHUB, "pull_request", gitHub("opened", "mallory/shop", "NONE", "mallory")))
                .isNotEqualTo(Reason.QUEUED);
        assertThat(file(Provider.GITEE, "Merge Request Hook", "gitee-merge-request-open", ForksTest::fork))
                .isNotEqualTo(Reason.QUEUED);
        assertThat(file(Provider.GITLAB, "Merge Request Hook", "gitlab-merge-request-open", body -> ((ObjectNode)
                                body.at("/object_attributes"))
                        .put("source_project_id", 99)))
                .isNotEqualTo(Reason.QUEUED);
        assertThat(fixture.started).isEmpty();
    }

    @Test
    void aStrangersCommentStartsNothing() throws Exception {
        assertThat(call(Provider.GITHUB, "issue_comment", gitHubComment("CONTRIBUTOR")))
                .isNotEqualTo(Reason.QUEUED);
        assertThat(file(Provider.GITEE, "Note Hook", "gitee-note", body -> {})).isNotEqualTo(Reason.QUEUED);
        assertThat(file(Provider.GITLAB, "Note Hook", "gitlab-note", body -> {}))
                .isNotEqualTo(Reason.QUEUED);
        assertThat(fixture.started).isEmpty();
    }

    @Test
    void aMergeRequestOfTheRepositoryItselfStartsTheJob() throws Exception {
        assertThat(call(Provider.GITHUB, "pull_request", gitHub("opened", "Acme/Shop", "NONE", "mallory")))
                .isEqualTo(Reason.QUEUED);
        assertThat(file(Provider.GITEE, "Merge Request Hook", "gitee-merge-request-open", body -> {}))
                .isEqualTo(Reason.QUEUED);
        assertThat(file(Provider.GITLAB, "Merge Request Hook", "gitlab-merge-request-open", body -> {}))
                .isEqualTo(Reason.QUEUED);
    }

    @ParameterizedTest
    @CsvSource({
        "never, MEMBER, mallory, FORK", "never, OWNER, mallory, FORK", "members, MEMBER, mallory, QUEUED",
        "members, COLLABORATOR, mallory, QUEUED", "members, CONTRIBUTOR, mallory, FORK", "members, NONE, mallory, FORK",
        "members, MEMBER, eve, RIGHTS", "always, NONE, eve, QUEUED"
    })
    void forksStartTheJobAsTheTriggerSays(String forks, String association, String sender, Reason reason) {
        trigger.setForks(forks);
        assertThat(call(Provider.GITHUB, "pull_request", gitHub("synchronize", "m/shop", association, sender)))
                .isEqualTo(reason);
    }

    @Test
    void aForkThatWasDeletedIsAFork() {
        byte[] gone = new String(gitHub("opened", "x", "NONE", "mallory"), StandardCharsets.UTF_8)
                .replace("\"repo\":{\"full_name\":\"x\"}", "\"repo\":null")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(call(Provider.GITHUB, "pull_request", gone)).isEqualTo(Reason.FORK);
    }

    @Test
    void aMembersCommentBuildsTheCommitThatTheServiceNames() {
        fixture.rights = (target, delivery) ->
                delivery.at(COMMIT).with(new Trust(Trust.Origin.OWN, Trust.Standing.MEMBER, "li"));
        assertThat(call(Provider.GITHUB, "issue_comment", gitHubComment("MEMBER")))
                .isEqualTo(Reason.QUEUED);
        assertThat(fixture.started.get(0).delivery().source().commit()).isEqualTo(COMMIT);
    }

    @Test
    void withoutAKnownCommitACommentStartsNothing() {
        trigger.setForks("always");
        trigger.setCommentAuthors("all");
        assertThat(call(Provider.GITHUB, "issue_comment", gitHubComment("MEMBER")))
                .isEqualTo(Reason.RIGHTS);
    }

    @Test
    void theServiceIsNotAskedForWhatStartsNothingAnyway() {
        fixture.rights = (target, delivery) -> {
            throw new IllegalStateException("asked");
        };
        assertThat(call(Provider.GITHUB, "issue_comment", gitHubComment("NONE")))
                .isEqualTo(Reason.STRANGER);
        trigger.setCommentPhrase("/other");
        assertThat(call(Provider.GITHUB, "issue_comment", gitHubComment("MEMBER")))
                .isEqualTo(Reason.PHRASE);
    }

    @Test
    void aCommentOfAMemberDoesNotLetAForkInThatTheTriggerForbids() {
        fixture.rights = (target, delivery) ->
                delivery.at(COMMIT).with(new Trust(Trust.Origin.FORK, Trust.Standing.MEMBER, "li"));
        assertThat(call(Provider.GITHUB, "issue_comment", gitHubComment("MEMBER")))
                .isEqualTo(Reason.FORK);
        trigger.setForks("members");
        assertThat(call(Provider.GITHUB, "issue_comment", gitHubComment("MEMBER")))
                .isEqualTo(Reason.QUEUED);
    }

    @ParameterizedTest
    @EnumSource(Forks.class)
    void aTriggerIsNeverMoreOpenThanThePolicy(Forks policy) {
        for (Forks own : Forks.values()) {
            Forks both = new Admission(own, true).within(policy).forks();
            assertThat(both)
                    .isLessThanOrEqualTo(policy)
                    .isLessThanOrEqualTo(own)
                    .isIn(policy, own);
            assertThat(new Admission(own, true).within(null).forks()).isEqualTo(own);
        }
    }
}
