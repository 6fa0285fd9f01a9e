package io.jenkins.plugins.minibuild.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartQueueTest {
    @TempDir
    Path folder;

    private final List<String> scheduled = new ArrayList<>();
    private DeliveryLog log;

    @BeforeEach
    void open() throws Exception {
        log = new DeliveryLog(folder, Runnable::run);
    }

    private Start start(String job, String branch) throws Exception {
        Delivery delivery = new Delivery(
                new Delivery.Event(Provider.GITEE, EventKind.PUSH, "Push Hook", job + branch + Math.random()),
                new Delivery.Repository("acme/shop", List.of(), "main"),
                Delivery.Ref.pushed("refs/heads/" + branch, "", false),
                Delivery.Change.withoutFiles("", "", "", ""),
                Delivery.MergeRequest.NONE);
        long record = log.add(
                "job:" + job,
                new DeliveryRecord(
                        0, 0, "", delivery, new Decision(Reason.QUEUED, branch), "", new DeliveryRecord.Body("", 0)),
                () -> "");
        Start start = new Start(new Start.Id(0, "job:" + job, record), job, delivery, StartSettings.STANDARD);
        return log.store(List.of(start)).get(0);
    }

    private String schedule(Start start, List<Long> merged) {
        scheduled.add(start.job() + " " + start.delivery().ref().branch() + " #"
                + start.id().record() + " " + merged);
        return "queue/item/" + start.id().number() + "/";
    }

    @Test
    void anErrorOfAnotherPluginDoesNotEndTheStartsOfOtherJobs() throws Exception {
        for (Throwable error : List.of(
                new NoClassDefFoundError("com/example/Gone"), new StackOverflowError(), new IllegalStateException())) {
            scheduled.clear();
            StartQueue queue = new StartQueue(log, (start, merged) -> {
                if (start.job().equals("broken")) {
                    StartQueueTest.<RuntimeException>sneak(error);
                }
                return schedule(start, merged);
            });
            Start broken = start("broken", "main");
            CompletableFuture<String> none = queue.add(broken);
            CompletableFuture<String> url = queue.add(start("shop", "main"));
            queue.run();
            assertThat(scheduled)
                    .as(error.toString())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("shop main");
            assertThat(none).isCompletedWithValue("");
            assertThat(url).isCompletedWithValueMatching(each -> each.startsWith("queue/item/"));
            assertThat(log.leftOver()).as("it starts when Jenkins starts again").contains(broken);
            queue.add(start("shop", "later"));
            queue.run();
            assertThat(scheduled).hasSize(2);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable error) throws T {
        throw (T) error;
    }

    @Test
    void onlyTheNewestOfABranchStartsAndTheOthersAreMergedIntoIt() throws Exception {
        StartQueue queue = new StartQueue(log, this::schedule);
        queue.add(start("shop", "main"));
        queue.add(start("shop", "dev"));
        queue.add(start("other", "main"));
        Start newest = start("shop", "main");
        queue.add(newest);
        queue.run();
        assertThat(scheduled).containsExactly("shop main #3 [1]", "shop dev #2 []", "other main #1 []");
        assertThat(log.list("job:shop"))
                .extracting(each -> each.decision().reason())
                .containsExactly(Reason.QUEUED, Reason.QUEUED, Reason.SUPERSEDED);
        assertThat(log.leftOver()).hasSize(3).contains(newest);
    }

    @Test
    void ofManyStartsAnswersDoNotWait() throws Exception {
        StartQueue queue = new StartQueue(log, this::schedule);
        List<CompletableFuture<String>> urls = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            urls.add(queue.add(start("shop", "b" + i)));
        }
        assertThat(urls).filteredOn(CompletableFuture::isDone).hasSize(2);
        queue.run();
        assertThat(scheduled).hasSize(5);
        assertThat(urls.get(0).join()).startsWith("queue/item/");
    }
}
