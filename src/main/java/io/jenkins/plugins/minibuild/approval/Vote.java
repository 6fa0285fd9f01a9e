package io.jenkins.plugins.minibuild.approval;

/**
 * A verdict with its author and time.
 *
 * @param user the id in Jenkins
 * @param name for people
 * @param comment may be empty
 * @param at milliseconds since 1970
 * @param diffSha256 of the diff that it is about, 64 hexadecimal digits
 * @param by how it was given: {@code page}, {@code rest} or {@code cli}
 */
public record Vote(String user, String name, Verdict verdict, String comment, long at, String diffSha256, String by) {}
