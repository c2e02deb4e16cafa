;;; emacs.el --- Emacs with eglot does what run.mjs asks  -*- lexical-binding: t -*-

;;; Commentary:
;; emacs --batch -l emacs.el, with $MAILFLOW_REQUEST and $MAILFLOW_ANSWER: opens a mail system's files,
;; writes down the diagnostics, hovers and code actions that eglot got, and takes the first action.

;;; Code:
(require 'cl-lib)
(require 'eglot)
(require 'json)

(define-derived-mode amavisd-mode prog-mode "amavisd")
(define-derived-mode postfix-main-mode prog-mode "main.cf")
(define-derived-mode postfix-master-mode prog-mode "master.cf")

(defconst mailflow-patience 10 "Longest wait for the server, in seconds.")

(defvar mailflow-request
  (with-temp-buffer
    (insert-file-contents (getenv "MAILFLOW_REQUEST"))
    (json-parse-buffer :object-type 'plist :array-type 'list)))

(setq eglot-sync-connect mailflow-patience
      eglot-send-changes-idle-time 0
      eglot-autoshutdown t)
(add-to-list 'eglot-server-programs
             (cons '(amavisd-mode postfix-main-mode postfix-master-mode)
                   (plist-get mailflow-request :command)))

(defun mailflow-wait (what condition)
  "Let the server speak until CONDITION holds; WHAT names it when it never does."
  (let ((deadline (+ (float-time) mailflow-patience)))
    (while (not (funcall condition))
      (when (> (float-time) deadline) (error "Waited in vain: %s" what))
      (accept-process-output nil 0.02))))

(defun mailflow-open (name filetype)
  "Open the file NAME of the request's folder in the mode for FILETYPE; give its buffer."
  (let ((buffer (find-file-noselect (expand-file-name name (plist-get mailflow-request :folder)))))
    (with-current-buffer buffer
      (unless (eglot-managed-p)
        (funcall (intern (concat filetype "-mode")))
        (if (eglot-current-server)
            (eglot--maybe-activate-editing-mode)
          (apply #'eglot (eglot--guess-contact)))))
    buffer))

(defun mailflow-sent (diagnostic)
  "What the server sent for flymake's DIAGNOSTIC, with its place as flymake has it."
  (let ((sent (cdr (assoc 'eglot-lsp-diag (eglot--diag-data diagnostic)))))
    (list :range (list :start (eglot--pos-to-lsp-position (flymake-diagnostic-beg diagnostic))
                       :end (eglot--pos-to-lsp-position (flymake-diagnostic-end diagnostic)))
          :severity (plist-get sent :severity)
          :code (plist-get sent :code)
          :source (plist-get sent :source)
          :message (plist-get sent :message))))

(defun mailflow-hover (hover)
  "The text that the server gives at the place that HOVER names."
  (with-current-buffer (mailflow-open (plist-get hover :file) (plist-get hover :filetype))
    (goto-char (eglot--lsp-position-to-point (plist-get hover :position)))
    (let ((result (jsonrpc-request (eglot--current-server-or-lose) :textDocument/hover
                                   (eglot--TextDocumentPositionParams))))
      (string-trim (plist-get (plist-get result :contents) :value)))))

(defun mailflow-apply (action)
  "Have eglot carry out ACTION; the user says yes to a change in a file that is not open."
  (let* ((server (eglot--current-server-or-lose))
         (edit (or (plist-get action :edit)
                   (plist-get (jsonrpc-request server :codeAction/resolve action) :edit))))
    (cl-letf (((symbol-function 'y-or-n-p) (lambda (&rest _) t)))
      (eglot--apply-workspace-edit edit))))

(defun mailflow-run ()
  "Do what the request says; give the answer."
  (let ((amavis (mailflow-open "amavisd.conf" "amavisd"))
        diagnostics hovers actions)
    (with-current-buffer amavis
      (mailflow-wait "diagnostics" (lambda () eglot--diagnostics))
      ;; Without a screen nobody is idle, which is when flymake would take them over by itself.
      (flymake-start)
      (mailflow-wait "flymake shows them" #'flymake-diagnostics)
      (setq diagnostics (mapcar #'mailflow-sent (flymake-diagnostics))))
    (setq hovers (mapcar #'mailflow-hover (plist-get mailflow-request :hovers)))
    (with-current-buffer amavis
      (let ((first (car (flymake-diagnostics))))
        (setq actions (eglot-code-actions (flymake-diagnostic-beg first) (flymake-diagnostic-end first)
                                          "quickfix")))
      (unless actions (error "No code action"))
      (mailflow-apply (car actions)))
    (let ((master (mailflow-open "master.cf" "postfix-master")))
      ;; eglot tells the server of a change when the user is idle, which nobody is here.
      (with-current-buffer master (eglot--signal-textDocument/didChange))
      (with-current-buffer amavis
        (mailflow-wait "the finding goes after the fix" (lambda () (null eglot--diagnostics))))
      (list :diagnostics (vconcat diagnostics)
            :hovers (vconcat hovers)
            :actions (vconcat (mapcar (lambda (action) (plist-get action :title)) actions))
            :master (with-current-buffer master (buffer-string))))))

(let ((answer (condition-case problem
                  (mailflow-run)
                (error (list :problem (error-message-string problem)))))
      (coding-system-for-write 'utf-8))
  (write-region (json-serialize answer) nil (getenv "MAILFLOW_ANSWER")))
(kill-emacs 0)

;;; emacs.el ends here
