package org.kohsuke.stapler;

import jakarta.servlet.http.HttpServletRequest;

/** A request. */
public interface StaplerRequest2 extends HttpServletRequest {
    String getRestOfPath();

    <T> T findAncestorObject(Class<T> type);
}
