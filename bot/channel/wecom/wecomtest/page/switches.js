// The switches for faults. What is switched belongs to the platform, so a second window shows the same.
'use strict';

{
  const box = document.getElementById('switches');
  const said = document.getElementById('act-said');
  const fields = [...box.querySelectorAll('[name]')];

  function state() {
    return Object.fromEntries(fields.map((f) => [f.name, f.type === 'checkbox' ? f.checked : Number(f.value)]));
  }

  function tell() {
    const on = Object.values(state()).filter(Boolean).length;
    const mark = document.getElementById('switched');
    mark.hidden = on === 0;
    mark.textContent = `开着 ${on} 项`;
  }

  async function load() {
    const now = await (await fetch('switches')).json();
    for (const f of fields) {
      if (f.type === 'checkbox') f.checked = now[f.name];
      else f.value = String(now[f.name]);
    }
    document.getElementById('restart').hidden = !now.may_restart;
    tell();
  }

  async function act(what, working, done) {
    said.textContent = working;
    const response = await fetch(what, { method: 'POST' }).catch(() => null);
    said.textContent = response?.ok ? done : `没有做成：${response ? await response.text() : '模拟器没有应答'}`;
  }

  for (const f of fields) {
    f.addEventListener('change', async () => {
      tell();
      await fetch('switches', {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(state()),
      });
    });
  }
  document.getElementById('revoke').addEventListener('click', () => act('revoke', '', '已作废，程序要重新取'));
  document.getElementById('restart').addEventListener('click', () => act('restart', '正在重启……', '已重启'));
  load();
}
