package io.jenkins.plugins.minibuild.merge;

import static org.assertj.core.api.Assertions.assertThat;

import hudson.model.Item;
import io.jenkins.plugins.minibuild.access.ReadBuild;
import io.jenkins.plugins.minibuild.access.Visit;
import io.jenkins.plugins.minibuild.forge.Branches;
import io.jenkins.plugins.minibuild.forge.MergeRequest;
import io.jenkins.plugins.minibuild.forge.MergeRequestProblem;
import io.jenkins.plugins.minibuild.forge.MergeRequests;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often looks at pages make the controller call a service with a stored token, and how a merge request that moves on is marked. */
class MergeRequestActionTest {
    private static final long NOW = Duration.ofDays(40_000).toMillis();
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    @TempDir
    private Path folder;

    private static MergeRequestAction action(MergeRequest.State state) {
        MergeRequestAction action = new MergeRequestAction();
        action.put(
                new MergeResult("Gitee", "https://gitee.com/acme/shop", request(state, "b0".repeat(20)), true, null),
                "gitee");
        return action;
    }

    private static MergeRequest request(MergeRequest.State state, String commit) {
        return new MergeRequest(
                1, "https://gitee.com/acme/shop/pulls/1", state, "Cart", new Branches("cart", "main"), false, commit);
    }

    @Test
    void theServiceIsAskedOnceAMinuteABuildAndOnlyAboutOpenOnes() {
        MergeRequestAction action = action(MergeRequest.State.OPEN);
        assertThat(action.begin(NOW)).isTrue();
        assertThat(action.begin(NOW + 1)).as("while it is being asked").isFalse();
        action.end();
        assertThat(action.begin(NOW + MINUTE)).isFalse();
        assertThat(action.begin(NOW + MINUTE + 1)).isTrue();
        assertThat(action(MergeRequest.State.MERGED).begin(NOW)).isFalse();
    }

    @Test
    void allBuildsTogetherAskThirtyTimesAMinute() {
        long then = NOW + 10 * MINUTE;
        List<MergeRequestAction> all = IntStream.range(0, 100)
                .mapToObj(n -> action(MergeRequest.State.OPEN))
                .toList();
        assertThat(all.stream().filter(each -> each.begin(then)).count()).isEqualTo(30);
        assertThat(all.stream().filter(each -> each.begin(then + MINUTE)).count())
                .as("the next minute")
                .isEqualTo(30);
    }

    @Test
    void aLookBySomebodyWhoMayOnlyReadAsksNobody() {
        MergeRequestAction action = action(MergeRequest.State.OPEN);
        action.onAttached(ReadBuild.of(folder, Item.READ));
        assertThat(Visit.whoTells(action, "\"fresh\":true")).containsExactly("MergeRequestAction.doState");
        assertThat(action.begin(NOW + 20 * MINUTE))
                .as("it was not asked before")
                .isTrue();
    }

    /** A token may be allowed to write comments and nothing else. */
    @Test
    void oneThatCannotBeMadeADraftIsMarkedByAComment() throws Exception {
        List<String> said = new ArrayList<>();
        MergeRequests requests = (MergeRequests) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {MergeRequests.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("makeDraft")) {
                        throw refused();
                    }
                    said.add(method.getName() + " " + arguments[1]);
                    return null;
                });
        String marked = MergeRequestAction.mark(
                requests, request(MergeRequest.State.OPEN, "c0".repeat(20)), "b0".repeat(20), "main", "");
        assertThat(marked).isEqualTo("c0".repeat(20) + " main");
        assertThat(said).singleElement().asString().startsWith("comment").contains("b0".repeat(20), "c0".repeat(20));
    }

    private static MergeRequestProblem refused() throws ReflectiveOperationException {
        Constructor<MergeRequestProblem> made =
                MergeRequestProblem.class.getDeclaredConstructor(MergeRequestProblem.Kind.class, String.class);
        made.setAccessible(true);
        return made.newInstance(MergeRequestProblem.Kind.FORBIDDEN, "no");
    }
}
