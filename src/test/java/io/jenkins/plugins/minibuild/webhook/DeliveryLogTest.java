package io.jenkins.plugins.minibuild.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeliveryLogTest {
    @TempDir
    Path folder;

    private static Call push(IntakeFixture fixture) throws Exception {
        return IntakeFixture.signed(
                Provider.GITEE, "Push Hook", IntakeFixture.file("gitee-push"), IntakeFixture.SECRET, fixture.now);
    }

    @Test
    void aStartThatTheDiskDoesNotTakeDoesNotHappen() throws Exception {
        // With 0 the journal is rewritten for every start, and a folder with a file is in the way of that.
        IntakeFixture fixture = new IntakeFixture(folder, Runnable::run, 0);
        Path journal = folder.resolve("starts.log");
        Path obstacle = journal.resolve("file");
        Call call = push(fixture);
        Files.delete(journal);
        Files.createDirectory(journal);
        Files.createFile(obstacle);
        Answer answer = fixture.call(call);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(fixture.started).isEmpty();
        assertThat(fixture.log.leftOver()).isEmpty();
        assertThat(fixture.log.list(IntakeFixture.OWNER).get(0).decision().reason())
                .isEqualTo(Reason.CANCELLED);
        Files.delete(obstacle);
        Files.delete(journal);
        assertThat(fixture.call(call).status()).as("it may be sent again").isEqualTo(202);
        assertThat(new IntakeFixture(folder).log.keys()).hasSize(1);
    }

    @Test
    void aStartThatWasStoredAndNotDoneIsThereAfterARestart() throws Exception {
        IntakeFixture fixture = new IntakeFixture(folder);
        fixture.buildsAreStored = false;
        assertThat(fixture.call(push(fixture)).status()).isEqualTo(202);
        // Nothing is closed, as after a crash.
        IntakeFixture restarted = new IntakeFixture(folder);
        List<Start> left = restarted.log.leftOver();
        assertThat(left).hasSize(1);
        assertThat(left.get(0)).isEqualTo(fixture.started.get(0));
        restarted.log.done(left.get(0).id(), Reason.QUEUED, "job/shop/1/");
        restarted.log.flush();
        assertThat(new IntakeFixture(folder).log.leftOver()).isEmpty();
    }

    @Test
    void aStoredDeliveryOfAnUnknownFormIsSetAside() throws Exception {
        IntakeFixture fixture = new IntakeFixture(folder);
        assertThat(fixture.call(push(fixture)).status()).isEqualTo(202);
        assertThat(fixture.log.load(IntakeFixture.OWNER, 1)).isPresent();
        Path file;
        try (Stream<Path> files = Files.walk(folder.resolve("deliveries"))) {
            file = files.filter(each -> each.toString().endsWith(".json"))
                    .findFirst()
                    .orElseThrow();
        }
        Files.writeString(file, "{\"number\":1,\"provider\":\"GITEE\",\"event\":\"Push Hook\"}");
        DeliveryLog reopened = new IntakeFixture(folder).log;
        assertThat(reopened.list(IntakeFixture.OWNER)).isEmpty();
        assertThat(reopened.load(IntakeFixture.OWNER, 1)).isEmpty();
        try (Stream<Path> files = Files.list(file.getParent())) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .singleElement()
                    .asString()
                    .startsWith(file.getFileName() + ".broken-");
        }
    }

    @Test
    void deliveriesGoWithTheirOwner() throws Exception {
        IntakeFixture fixture = new IntakeFixture(folder);
        assertThat(fixture.call(push(fixture)).status()).isEqualTo(202);
        fixture.log.rename(IntakeFixture.OWNER, "job:team/shop");
        assertThat(fixture.log.list(IntakeFixture.OWNER)).isEmpty();
        assertThat(fixture.log.list("job:team/shop")).hasSize(1);
        assertThat(fixture.log.load("job:team/shop", 1).orElseThrow().build()).isEqualTo("job/shop/1/");
        fixture.log.remove("job:team/shop");
        assertThat(new IntakeFixture(folder).log.list("job:team/shop")).isEmpty();
    }
}
