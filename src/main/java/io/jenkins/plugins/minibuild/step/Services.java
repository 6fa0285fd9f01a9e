package io.jenkins.plugins.minibuild.step;

import io.jenkins.plugins.minibuild.http.Http;

/** What code gets from Jenkins inside and outside of a build. Safe for use by several threads; no method returns null. */
public interface Services {
    /** The HTTP client for calls from the controller; it uses the proxy of Jenkins. */
    Http http();

    /** What an administrator, or the owner of the job, has configured. */
    NamedSettings settings();
}
