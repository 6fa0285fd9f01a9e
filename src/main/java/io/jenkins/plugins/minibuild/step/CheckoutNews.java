package io.jenkins.plugins.minibuild.step;

/**
 * A commit that a build has checked out.
 *
 * @param url of the repository
 * @param branch the branch or tag; may be empty
 * @param commit its id
 * @param author their name
 * @param subject the first line of the message
 * @param page what an id is put behind to get the address of a commit's page at the service; empty if there is none
 * @param changes the commits since the build before as JSON, which the room that checks out reads and writes; empty for none
 */
public record CheckoutNews(
        String url, String branch, String commit, String author, String subject, String page, String changes) {}
