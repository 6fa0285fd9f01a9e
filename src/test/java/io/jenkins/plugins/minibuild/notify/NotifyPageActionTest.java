package io.jenkins.plugins.minibuild.notify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NotifyPageActionTest {
    @Test
    void messagesLinkToBuildsOfBranchesAndOfFolders() {
        assertThat(NotifyPageAction.link("shop", 3)).isEqualTo("job/shop/3/");
        assertThat(NotifyPageAction.link("team/my shop", 3)).isEqualTo("job/team/job/my%20shop/3/");
        // The name of the job of the branch feature/x, as the Branch API has it.
        assertThat(NotifyPageAction.link("team/shop/feature%2Fx", 3))
                .isEqualTo("job/team/job/shop/job/feature%252Fx/3/");
    }
}
