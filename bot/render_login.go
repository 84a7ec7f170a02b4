package bot

import "onedoor/internal/texts"

// loginLink is the link into the admin, which is made now that it is sent: it is stored nowhere. Nothing opens it by itself,
// for links have no preview, and the page behind it wants to be asked.
func (p *page) loginLink() (message, error) {
	if p.AdminURL == "" {
		return message{text: p.say("login_nowhere", nil)}, nil
	}
	token, err := p.Intake.LoginLink(p.ctx, p.notice.Bot, p.notice.Chat)
	if err != nil {
		return message{}, err
	}
	return message{text: p.say("login_link", texts.Data{"Link": p.AdminURL + "/admin/enter?link=" + token})}, nil
}
