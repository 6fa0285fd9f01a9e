package io.jenkins.plugins.minibuild.limits.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Three retries of one original build, of whichever build of its chain they are made. */
class RetryChainTest {
    private final Map<Integer, RetryChain.Link> builds = new TreeMap<>(Map.of(1, RetryChain.Link.NO_RETRY));

    private RetryChain chain(int number) {
        return RetryChain.of(number, builds::get);
    }

    /** As the Retry link does: counts at the original, then the new build is there. */
    private int retry(int number) {
        RetryChain chain = chain(number);
        assertThat(chain.isUsedUp()).isFalse();
        RetryChain.Link original = builds.get(chain.original());
        builds.put(
                chain.original(),
                new RetryChain.Link(original.attempt(), original.retried(), original.original(), chain.next()));
        int retry = builds.keySet().stream().reduce(Math::max).orElseThrow() + 1;
        builds.put(retry, new RetryChain.Link(chain.next(), number, chain.original(), 0));
        return retry;
    }

    /** On the old code the first failed build could be retried without end. */
    @Test
    void theOriginalIsRetriedThreeTimesAtMost() {
        assertThat(retry(1)).isEqualTo(2);
        assertThat(retry(1)).isEqualTo(3);
        assertThat(chain(1).next()).isEqualTo(3);
        retry(1);
        for (int build = 1; build <= 4; build++) {
            assertThat(chain(build).isUsedUp()).as("build %d", build).isTrue();
            assertThat(chain(build).original()).isEqualTo(1);
        }
    }

    @Test
    void retriesOfRetriesCountForTheOriginal() {
        retry(retry(1));
        assertThat(chain(2)).isEqualTo(new RetryChain(1, 2));
        retry(2);
        assertThat(chain(1).isUsedUp()).isTrue();
        assertThat(chain(4).isUsedUp()).isTrue();
    }

    @Test
    void whereTheOriginalWasDeletedItsRetriesAreNotForgotten() {
        retry(retry(1));
        builds.remove(1);
        assertThat(chain(3)).isEqualTo(new RetryChain(2, 2));
        retry(3);
        assertThat(chain(3).isUsedUp()).isTrue();
        assertThat(chain(2).isUsedUp()).isTrue();
    }

    @Test
    void aBuildOfAnOlderVersionKnowsOnlyWhichItRetries() {
        builds.put(2, new RetryChain.Link(1, 1, 0, 0));
        builds.put(3, new RetryChain.Link(2, 2, 0, 0));
        assertThat(chain(3)).isEqualTo(new RetryChain(1, 2));
    }

    @Test
    void aBuildThatNamesItselfEndsTheSearch() {
        builds.put(2, new RetryChain.Link(1, 3, 3, 0));
        builds.put(3, new RetryChain.Link(2, 2, 2, 0));
        assertThat(chain(2).used()).isEqualTo(2);
    }
}
