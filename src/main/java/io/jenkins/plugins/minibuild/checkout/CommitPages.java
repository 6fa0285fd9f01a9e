package io.jenkins.plugins.minibuild.checkout;

import io.jenkins.plugins.minibuild.forge.ForgeKind;
import io.jenkins.plugins.minibuild.forge.Forges;
import io.jenkins.plugins.minibuild.forge.KnownForge;
import io.jenkins.plugins.minibuild.step.Services;
import java.util.Optional;

/** Where a service shows the commits of a repository. */
final class CommitPages {
    private CommitPages() {}

    /** What an id is put behind to get the address of a commit's page; empty where no service is known. */
    static String of(Services services, RepositoryUrl url) {
        if (url.transport() == RepositoryUrl.Transport.LOCAL) {
            return "";
        }
        if (RepositoryIdentity.isAzure(url.host())) {
            return url.isHttp() ? url.text().replaceFirst("/+$", "") + "/commit/" : "";
        }
        Optional<KnownForge> known = Forges.of(services).known(url.serviceHost());
        return known.map(each ->
                        each.web() + "/" + url.path() + (each.kind() == ForgeKind.GITLAB ? "/-/commit/" : "/commit/"))
                .orElse("");
    }
}
